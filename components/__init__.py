"""What knows Streamlit and serves the pages."""
