"""The book while somebody writes it: built anew with each saved file, and shown in a browser."""
