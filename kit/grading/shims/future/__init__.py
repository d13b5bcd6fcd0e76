"""Stands for the package `future`, which the kits of 2017 to 2020 ask for."""
