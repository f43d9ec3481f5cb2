"""For programs and those who write them: the contract as OpenAPI 3.1, and the same as a page."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from web import contract, contract_page, deps, render
from web.problems import DOCS

router = APIRouter()


@router.get("/api/v1/openapi.json")
def document(language: deps.Language) -> Response:
    """The contract."""
    return JSONResponse(contract.document(language), headers={"vary": "Accept-Language"})


@router.get(DOCS)
def docs(request: Request, language: deps.Language, member: deps.PerhapsSignedIn) -> Response:
    """The contract as people read it, with the menu of whoever is signed in."""
    told = contract.document(language)
    return render.page(
        request,
        "api_docs.html",
        member=member,
        contract=told,
        groups=contract_page.groups(told),
        event=contract_page.event(told),
        guide=contract_page.guide(told),
        problem=contract_page.problem(told),
    )
