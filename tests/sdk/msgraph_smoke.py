#!/usr/bin/env python3
"""Microsoft's own client library against the simulated tenant: users, groups and their members,
licences and seats, sign-in methods.

How to run it:

    python3 -m venv /tmp/sdk && /tmp/sdk/bin/pip install msgraph-sdk azure-identity
    countersign simulate            # in another terminal; it prints its address
    /tmp/sdk/bin/python tests/sdk/msgraph_smoke.py http://127.0.0.1:8090

The library's credentials insist on https for the authority, so the token is fetched here, over
plain http, with the demo registration of the built-in Contoso. Everything after that is the
library's own: its request builders, its models, its paging, its errors.
"""

import asyncio
import json
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph import GraphServiceClient
from msgraph.generated.models.assigned_license import AssignedLicense
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.temporary_access_pass_authentication_method import (
    TemporaryAccessPassAuthenticationMethod,
)
from msgraph.generated.models.user import User
from msgraph.generated.users.item.assign_license.assign_license_post_request_body import (
    AssignLicensePostRequestBody,
)
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph_core import GraphClientFactory

TENANT = "11111111-aaaa-4bbb-8ccc-000000000001"
CLIENT = "22222222-aaaa-4bbb-8ccc-000000000001"
# Opens nothing but a simulator.
SIMULATED = "simulated~contoso~client~secret"


class SimulatorCredential:
    """Client credentials over plain http."""

    def __init__(self, base: str, secret: str) -> None:
        self.url = f"{base}/{TENANT}/oauth2/v2.0/token"
        self.secret = secret

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        form = {
            "grant_type": "client_credentials",
            "client_id": CLIENT,
            "client_secret": self.secret,
            "scope": scopes[0],
        }
        body = urllib.parse.urlencode(form).encode()
        try:
            with urllib.request.urlopen(self.url, body, timeout=10) as answer:
                token = json.load(answer)
        except urllib.error.HTTPError as error:
            said = json.load(error)["error_description"]
            raise ClientAuthenticationError(said) from error
        return AccessToken(token["access_token"], int(time.time()) + token["expires_in"])


def client(base: str, secret: str = SIMULATED) -> GraphServiceClient:
    host = urllib.parse.urlsplit(base).hostname
    provider = AzureIdentityAuthenticationProvider(
        SimulatorCredential(base, secret),
        scopes=["https://graph.microsoft.com/.default"],
        allowed_hosts=[host],
    )
    # The library's own http client, with its middleware for retries and redirects.
    http = GraphClientFactory.create_with_default_middleware(host=base)
    adapter = GraphRequestAdapter(provider, client=http)
    adapter.base_url = f"{base}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


def check(name: str, right: bool) -> None:
    print(("ok    " if right else "WRONG ") + name)
    if not right:
        sys.exit(1)


async def everybody(graph: GraphServiceClient) -> list[User]:
    """All users, nine to a page, following the links."""
    query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
        select=["id", "displayName", "userPrincipalName", "accountEnabled"], top=9
    )
    page = await graph.users.get(RequestConfiguration(query_parameters=query))
    found = list(page.value)
    while page.odata_next_link:
        page = await graph.users.with_url(page.odata_next_link).get()
        found += page.value
    return found


async def advanced(graph: GraphServiceClient) -> int:
    query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
        filter="endswith(mail,'@contoso.com')", count=True, top=1
    )
    request = RequestConfiguration(query_parameters=query)
    request.headers.add("ConsistencyLevel", "eventual")
    return (await graph.users.get(request)).odata_count


async def groups(graph: GraphServiceClient, person: str) -> None:
    """A group is made, gets a member and loses it."""
    nickname = f"smoke{secrets.token_hex(4)}"
    made = await graph.groups.post(
        Group(
            display_name="Smoke Group",
            mail_nickname=nickname,
            mail_enabled=False,
            security_enabled=True,
        )
    )
    one = graph.groups.by_group_id(made.id)
    check("groups: made", (await one.get()).display_name == "Smoke Group")
    who = ReferenceCreate(odata_id=f"https://graph.microsoft.com/v1.0/directoryObjects/{person}")
    await one.members.ref.post(who)
    check("groups: a member joins", [m.id for m in (await one.members.get()).value] == [person])
    try:
        await one.members.ref.post(who)
        check("groups: joining twice is an error", False)
    except ODataError as error:
        check("groups: joining twice is an error", "already exist" in error.error.message)
    await one.members.by_directory_object_id(person).ref.delete()
    check("groups: and leaves", (await one.members.get()).value == [])
    await one.delete()
    try:
        await one.get()
        check("groups: gone", False)
    except ODataError as error:
        check("groups: gone", error.error.code == "Request_ResourceNotFound")


async def applications(graph: GraphServiceClient) -> None:
    """An app that may write what it owns changes no other registration."""
    known = (await graph.applications.get()).value
    others = [app for app in known if "Countersign" not in app.display_name]
    check("applications: there are others", len(others) > 0)
    one = graph.applications.by_application_id(others[0].id)
    try:
        await one.delete()
        check("applications: another's is not deleted", False)
    except ODataError as error:
        code = error.error.code
        check("applications: another's is not deleted", code == "Authorization_RequestDenied")


async def licences(graph: GraphServiceClient, person: str) -> None:
    """A seat is taken and given back; the counters say so."""

    async def seats() -> dict[str, tuple[object, int]]:
        skus = (await graph.subscribed_skus.get()).value
        return {s.sku_part_number: (s.sku_id, s.consumed_units) for s in skus}

    before = await seats()
    sku, used = before["SPE_E3"]
    one = graph.users.by_user_id(person)
    give = AssignLicensePostRequestBody(
        add_licenses=[AssignedLicense(sku_id=sku, disabled_plans=[])], remove_licenses=[]
    )
    await one.assign_license.post(give)
    held = (await one.license_details.get()).value
    check("licences: held", [d.sku_part_number for d in held] == ["SPE_E3"])
    check("licences: a seat is used", (await seats())["SPE_E3"][1] == used + 1)
    take = AssignLicensePostRequestBody(add_licenses=[], remove_licenses=[sku])
    await one.assign_license.post(take)
    check("licences: and free again", await seats() == before)


async def methods(graph: GraphServiceClient, person: str) -> None:
    """A pass is said once, listed without its value, and removed."""
    authentication = graph.users.by_user_id(person).authentication
    wanted = TemporaryAccessPassAuthenticationMethod(lifetime_in_minutes=60, is_usable_once=True)
    made = await authentication.temporary_access_pass_methods.post(wanted)
    check("methods: a pass says its value once", bool(made.temporary_access_pass))
    listed = (await authentication.methods.get()).value
    check("methods: it is listed", made.id in {m.id for m in listed})
    again = (await authentication.temporary_access_pass_methods.get()).value
    check("methods: and never said again", [m.temporary_access_pass for m in again] == [None])
    one = authentication.temporary_access_pass_methods
    await one.by_temporary_access_pass_authentication_method_id(made.id).delete()
    check("methods: gone", (await one.get()).value == [])


async def main(base: str) -> None:
    graph = client(base)

    users = await everybody(graph)
    check("list: everybody once, over several pages", len({u.id for u in users}) == len(users) > 20)
    check("list: an advanced query counts", (await advanced(graph)) > 20)

    john = await graph.users.by_user_id("john.doe@contoso.com").get()
    check("get: by sign-in name", john.display_name == "John Doe")
    try:
        await graph.users.by_user_id("nobody@contoso.com").get()
        check("get: an unknown user is an error", False)
    except ODataError as error:
        check("get: an unknown user is an error", error.error.code == "Request_ResourceNotFound")
        check("get: with its request id", bool(error.error.inner_error.request_id))

    nickname = f"smoke.{secrets.token_hex(4)}"
    newcomer = User(
        account_enabled=True,
        display_name="Smoke Test",
        mail_nickname=nickname,
        user_principal_name=f"{nickname}@contoso.com",
        usage_location="GB",
        password_profile=PasswordProfile(
            password=f"Aa1-{secrets.token_urlsafe(16)}", force_change_password_next_sign_in=True
        ),
    )
    made = await graph.users.post(newcomer)
    check("create: an id came back", bool(made.id) and made.display_name == "Smoke Test")
    try:
        await graph.users.post(newcomer)
        check("create: twice is a conflict", False)
    except ODataError as error:
        check("create: twice is a conflict", "already exists" in error.error.message)

    one = graph.users.by_user_id(made.id)
    await one.patch(User(department="Sales", job_title="Tester", account_enabled=False))
    query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
        select=["id", "department", "jobTitle", "accountEnabled"]
    )
    read = await one.get(RequestConfiguration(query_parameters=query))
    changed = (read.department, read.job_title, read.account_enabled)
    check("patch: what was written is read", changed == ("Sales", "Tester", False))
    revoked = await one.revoke_sign_in_sessions.post()
    check("revoke: answers true", revoked.value is True)
    await groups(graph, made.id)
    await applications(graph)
    await licences(graph, made.id)
    await methods(graph, made.id)
    await one.delete()
    check("delete: gone", made.id not in {u.id for u in await everybody(graph)})

    try:
        await client(base, "wrong").users.get()
        check("a wrong secret is refused", False)
    except ClientAuthenticationError as error:
        check("a wrong secret is refused", str(error).startswith("AADSTS7000215"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    asyncio.run(main(sys.argv[1].rstrip("/")))
