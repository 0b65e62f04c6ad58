"""The page's panels."""
