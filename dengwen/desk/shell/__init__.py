"""The shell of the desk: request, sign-in, home, case page, act page, forms, downloads."""
