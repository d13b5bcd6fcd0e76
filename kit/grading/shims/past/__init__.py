"""Stands for the package `past`, which the kits of 2017 to 2020 import."""
