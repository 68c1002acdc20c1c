"""The certificates of an app as a list: what its templates say of each, what serves it, and who may do what."""

from collections.abc import Iterator

from constructs_lib.certificate_actions import (
    END_OWN_CERTIFICATE,
    EXPORT_CERTIFICATE,
    IMPORT_AGAIN,
    TAG_REQUESTED_CERTIFICATE,
)
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.identity_policies import Holder
from constructs_lib.guardrails.names_in_texts import name_of
from constructs_lib.guardrails.names_of_resources import SECRET
from constructs_lib.guardrails.names_of_resources import name_of as called
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.secret_policies import SecretPolicies
from constructs_lib.guardrails.served_certificates import GATE, NATIVE, Served, ServedCertificates
from constructs_lib.guardrails.template_values import Located
from constructs_lib.inventory.certificate_reading import CertificateReading, read_certificate
from constructs_lib.inventory.certificate_uses import certificate_use
from constructs_lib.inventory.expiry_alarms import expiry_alarms
from constructs_lib.inventory.listed_certificate import CertificateUse, ListedCertificate, Origin, Permitted, Right
from constructs_lib.inventory.named_resource import DRAWN, NamedResource
from constructs_lib.inventory.permissions import Permissions
from constructs_lib.secret_actions import GET_SECRET_VALUE, WRITE_SECRET

_IN_USE_NOWHERE = "nothing in this app serves it, and ACM renews only what is in use"
_TO_PUT = WRITE_SECRET[-1]
_TO_TAG = TAG_REQUESTED_CERTIFICATE[0]


class CertificateList:
    """The certificates of an app."""

    def __init__(self, templates: CloudTemplates) -> None:
        """Read them.

        Args:
            templates: Of the app.
        """
        self._references = References(templates)
        self._certificates = ServedCertificates(self._references)
        self._served = self._certificates.served()
        self._days_told = expiry_alarms(self._certificates)
        self._permissions = Permissions(self._references)
        self._secrets = SecretPolicies(self._references)

    @property
    def unread(self) -> dict[str, int]:
        """The managed policies that nothing here has read, and how many hold each."""
        return self._permissions.unread

    def listed(self) -> tuple[ListedCertificate, ...]:
        """Return the certificates: those of the app by path, then those from elsewhere by ARN."""
        own = [self._own(place) for place, _ in self._certificates.certificates()]
        elsewhere = {served.arn: self._elsewhere(served) for served in self._served if served.certificate is None}
        return (*sorted(own, key=lambda each: each.path), *(elsewhere[arn] for arn in sorted(elsewhere)))

    def _own(self, place: Located) -> ListedCertificate:
        templates = self._references.templates
        stack, read = templates.stack(place.template), read_certificate(self._references, place)
        uses = tuple(dict.fromkeys(self._use(served) for served in self._served if served.certificate == place))
        is_renewed_in_use = read.origin is not Origin.IMPORTED
        return ListedCertificate(
            path=name_of(templates, place),
            origin=read.origin,
            domain_names=read.domain_names,
            key_algorithm=read.key_algorithm,
            stack=stack.name,
            account=stack.account,
            region=stack.region,
            validation=read.validation,
            renewal=read.renewal if uses or not is_renewed_in_use else f"{read.renewal}; {_IN_USE_NOWHERE}",
            days_told=self._days_told.get(place, ()),
            is_exportable=read.is_exportable,
            secret=self._secret(read),
            uses=uses,
            permitted=self._permitted(place, read),
            deployer=stack.deployer,
        )

    def _elsewhere(self, served: Served) -> ListedCertificate:
        uses = tuple(dict.fromkeys(self._use(each) for each in self._served if each.arn == served.arn))
        named = NamedResource(arn=served.arn, tagged_by=_TO_TAG)
        rights = _rights(self._permissions, named) if "${" not in served.arn else {}
        return ListedCertificate(path=served.arn, origin=Origin.ELSEWHERE, uses=uses, permitted=rights)

    def _use(self, served: Served) -> CertificateUse:
        return certificate_use(self._references, served.by)

    def _secret(self, read: CertificateReading) -> str:
        if read.secret is None:
            return ""
        for meant in self._references.meant_by(*read.secret):
            return name_of(self._references.templates, meant)
        return self._references.text(*read.secret)

    def _permitted(self, place: Located, read: CertificateReading) -> dict[Right, tuple[Permitted, ...]]:
        stack = self._references.templates.stack(place.template)
        is_native = self._references.templates.resource(place)["Type"] == NATIVE
        named = NamedResource(
            places=frozenset((place, *self._gates(place))),
            arn=f"arn:aws:acm:{stack.region or '*'}:{stack.account or '*'}:certificate/{DRAWN}",
            account=stack.account,  # no policy of a certificate admits another one
            tags=read.tags,
            has_all_tags=not is_native,
            tagged_by=_TO_TAG,
        )
        rights = _rights(self._permissions, named)
        if not read.is_exportable:
            rights[Right.EXPORT] = ()
        if read.origin is not Origin.IMPORTED:
            rights[Right.REPLACE] = ()  # https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html
        return rights | self._of_secret(read)

    def _gates(self, place: Located) -> Iterator[Located]:
        for gate, resource in self._references.templates.resources(GATE):
            if place in self._certificates.meant_by(gate.template, resource["Properties"].get("CertificateArn")):
                yield gate

    def _of_secret(self, read: CertificateReading) -> dict[Right, tuple[Permitted, ...]]:
        if read.secret is None:
            return {}
        meant = [
            place
            for place in self._references.meant_by(*read.secret)
            if self._references.templates.resource(place).get("Type") == SECRET
        ]
        arn = self._references.text(*read.secret)
        for place in meant:
            stack = self._references.templates.stack(place.template)
            name = called(self._references, place)
            arn = f"arn:aws:secretsmanager:{stack.region or '*'}:{stack.account or '*'}:secret:{name}-*"
        named = NamedResource(places=frozenset(meant), arn=arn)
        rights = ((Right.READ_KEY, GET_SECRET_VALUE[0]), (Right.SUPPLY, _TO_PUT))
        return {right: self._with_secret(action, named) for right, action in rights}

    def _with_secret(self, action: str, named: NamedResource) -> tuple[Permitted, ...]:
        def refuses(holder: Holder) -> bool:
            return any(self._secrets.deny(place, action, holder) for place in named.places)

        return self._permissions.permitted(action, named, refuses=refuses)


def _rights(permissions: Permissions, named: NamedResource) -> dict[Right, tuple[Permitted, ...]]:
    return {
        Right.EXPORT: permissions.permitted(EXPORT_CERTIFICATE[0], named),
        Right.DELETE: permissions.permitted(END_OWN_CERTIFICATE[0], named),
        Right.REPLACE: permissions.permitted(IMPORT_AGAIN[-1], named),
    }
