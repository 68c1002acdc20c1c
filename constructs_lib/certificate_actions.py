"""Every action of ACM and Route 53 that this library writes for certificates, grouped by intent.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html
"""

IMPORT_NEW_CERTIFICATE = ("acm:AddTagsToCertificate", "acm:ImportCertificate")
"""To import a certificate that ACM does not have yet, with tags: ACM refuses them where it has one already.

https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html
"""
IMPORT_AGAIN = ("acm:GetCertificate", "acm:ImportCertificate")
"""To import over one certificate what is not there already."""
END_OWN_CERTIFICATE = ("acm:DeleteCertificate", "acm:DescribeCertificate")
"""To delete a certificate, and to say what uses it where that cannot be."""
DESCRIBE_CERTIFICATE = ("acm:DescribeCertificate",)
"""What is public of a certificate, how its validation and its renewal stand, and what serves it."""
EXPORT_CERTIFICATE = ("acm:ExportCertificate",)
"""To take a certificate out of AWS together with its private key. Nothing of this library is granted it."""

REQUEST_CERTIFICATE = ("acm:RequestCertificate",)
"""To ask for a public certificate. ACM has no resource for it; what may be asked for, conditions say."""
TAG_REQUESTED_CERTIFICATE = ("acm:AddTagsToCertificate",)
"""To ask for one that is tagged from its beginning."""
LOOK_AT_RECORDS = ("route53:ListResourceRecordSets",)
"""To see what stands at a name of a hosted zone before anything is written there."""
CHANGE_RECORDS = ("route53:ChangeResourceRecordSets",)
"""To write records; which ones, conditions say.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
"""
ASSUME_ROLE = ("sts:AssumeRole",)
"""To write into a hosted zone of another account as a role of that account."""

DOMAIN_NAMES, KEY_ALGORITHM = "acm:DomainNames", "acm:KeyAlgorithm"
VALIDATION_METHOD, EXPORT = "acm:ValidationMethod", "acm:Export"
"""What ACM says of a request to IAM: https://docs.aws.amazon.com/acm/latest/userguide/acm-conditions.html"""
RECORD_NAMES = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
RECORD_TYPES = "route53:ChangeResourceRecordSetsRecordTypes"
RECORD_ACTIONS = "route53:ChangeResourceRecordSetsActions"
"""What Route 53 says of a change to IAM, as lists of every record in it."""
