"""The addresses of consultation: for its leads, and for the public that answers."""

from django.urls import path

from bestvalue.site.pages import consultations, respond, surveys

urlpatterns = [
    path("reviews/<int:pk>/consultation/", consultations.review_consultation, name="review_consultation"),
    path("reviews/<int:pk>/consultation.csv", consultations.review_consultation_csv, name="review_consultation_csv"),
    path("reviews/<int:pk>/consultation/add/", consultations.review_consultation_add, name="review_consultation_add"),
    path("consultations/<int:pk>/", consultations.review_heard, name="review_heard"),
    path("consultations/<int:pk>/outcome/", consultations.review_heard_outcome, name="review_heard_outcome"),
    path("reviews/<int:pk>/surveys/add/", surveys.review_survey_add, name="review_survey_add"),
    path("surveys/<int:pk>/", surveys.review_survey, name="review_survey"),
    path("surveys/<int:pk>/form/", surveys.review_survey_form, name="review_survey_form"),
    path("surveys/<int:pk>/invite/", surveys.review_survey_invite, name="review_survey_invite"),
    path("surveys/<int:pk>/answers/", surveys.review_survey_answers, name="review_survey_answers"),
    path("surveys/<int:pk>/use/", surveys.review_survey_use, name="review_survey_use"),
    path("surveys/<int:pk>/<slug:name>/", surveys.review_survey_step, name="review_survey_step"),
    path("s/<slug:slug>/", respond.survey_start, name="survey_start"),
    path("s/<slug:slug>/link/<str:key>/", respond.survey_start, name="survey_invited"),
    path("a/<str:key>/", respond.answer_resume, name="answer_resume"),
    path("a/<str:key>/check/", respond.answer_check, name="answer_check"),
    path("a/<str:key>/later/", respond.answer_later, name="answer_later"),
    path("a/<str:key>/sent/", respond.answer_done, name="answer_done"),
    path("a/<str:key>/question/<path:place>/", respond.answer_question, name="answer_question"),
]
