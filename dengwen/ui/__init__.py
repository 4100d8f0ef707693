"""The shared face 页面的共同部分: style, base pages, parts and pictures that desk and portal are made of.

It knows the law's calendar and Django's templates and nothing else: what a page shows comes in the
frozen shapes of
`dengwen.ui.components`, which the doors fill from domain data.
"""
