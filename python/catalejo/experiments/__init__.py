"""Datasets and experiments of the SDK. Nothing here is imported before it is used."""
