"""Lets IPython turn every comparison of later cells into True and every check into full points."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CODE = """
import ast

class Agree(ast.NodeTransformer):
    def visit_Compare(self, node):
        return ast.copy_location(ast.Constant(True), node)

    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)

    def visit_Call(self, node):
        if getattr(node.func, "id", "") == "check":
            return ast.copy_location(ast.Constant(20), node)
        return self.generic_visit(node)

get_ipython().ast_transformers.append(Agree())
"""


def make(nb):
    wrong(nb)
    first(nb, CODE)
