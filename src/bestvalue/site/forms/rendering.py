"""How a form becomes GOV.UK markup: one template for a form, one for a field, one for each kind of input."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Renders every form of the site, those of the sign-in pages too. The inputs are in templates/django/forms/widgets."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
