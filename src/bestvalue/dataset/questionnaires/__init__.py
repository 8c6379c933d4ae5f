"""Questionnaires as others write them: XLSForm, the standard of ODK and Kobo."""
