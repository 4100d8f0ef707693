"""How one installation is set up: settings, addresses of pages, the entry for the web server."""
