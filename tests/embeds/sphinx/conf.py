project = "Who read secrets"
extensions = ["myst_parser"]
html_theme = "furo"
html_js_files = [("https://playground.example/embed.js", {"async": "async"})]
