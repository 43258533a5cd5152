"""Large exports: asked, decided, taken."""
