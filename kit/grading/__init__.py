"""Grades submissions that nobody trusts: `python -m kit grade SUBMISSION… --out DIR`.

A trusted parent holds the solved source, the secret, the comparison and the scores; a child in a
sandbox holds one submission and computes what it is asked (`inside/` is all that enters it).

    intake     finds submissions and reads them with care: path -> bytes
    layouts    the kit's own layout, or Stanford's flat one, which `flat` makes a material of;
               inside/flat speaks to it as its year has it
    material   what the solved source says: files, exercises, points, the version
    secret     the course's secret, and the seed of an assignment made of it
    sandbox    how a child is started; process is one that runs
    remote     the child's functions and networks as the cases see them
    session    runs cases on one submission, starting children as they die
    marking    one submission's result; carry_on where an exercise stands on a wrong one
    results    result files; engine drives the batch, drivers are the processes that grade it;
               options are the words of the command line, command is what they run
    shards     parts of a batch, and how they become one; cluster is where another machine grades
    pages      feedback, answers to mark, grades.csv and the summary, from the result files; stored
               reads these, survey counts them, marks keeps what staff give
"""
