"""No models; the file lets Django announce post_migrate for this folder."""
