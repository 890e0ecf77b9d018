"""A service that can want a password answered a stranger without one.

The answers prove it, each in its own way: a question that is refused before a login was answered, or the service itself
says that it wants none. Where a protocol tells its version to everybody and asks for a password only then (MongoDB,
Kafka, etcd, LDAP), an answer proves nothing, and nothing is said. Some trust their own machine more than others, which
is where the question came from: less is made of those.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, milder, over_loopback, quote, reaches_others, spoken, who
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.identity import Identity
    from hb_engine.model.opening import Opening
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "open-without-password",
    "high",
    "A service that can want a password serves whoever reaches it.",
    (
        "A network that is closed to all but its clients, where the network is the password.",
        "A firewall or a security group that lets only its clients in.",
        "What is served is meant for everybody: a public registry, a public broker.",
    ),
)
DATA = "gives and takes all its data"
ROOT = "whoever reaches it is root on this machine"


@record
class Proof:
    """When an identity proves that no password is wanted: all that is given here must be so.

    `evidence` and `product` are how those begin; `fact` is a name and a word in its value. `own`: it is known to trust
    its own machine more. `indoors`: the severity on loopback, where other users of the machine are strangers too.
    """

    name: str
    why: str
    severity: str = "high"
    product: str = ""
    evidence: str = ""
    info: str = ""
    fact: tuple[str, str] = ("", "")
    own: bool = False
    indoors: str = ""


PROOFS = (
    Proof("docker", ROOT, "critical", evidence="ApiVersion ", indoors="low"),
    Proof("jdwp", "runs any code for whoever connects", "critical", indoors="low"),
    Proof("redis", "gives its data, and can be told to write files", evidence="+PONG", own=True),
    Proof("memcached", DATA, evidence="VERSION "),
    Proof("http", DATA, product="Elasticsearch", evidence="You Know, for Search"),
    Proof("http", DATA, product="OpenSearch"),
    Proof("http", "gives its register and its keys", product="Consul", evidence="Config.Version"),
    Proof("http", DATA, product="Apache Solr", evidence="lucene."),
    Proof("http", "runs and removes models", "medium", product="Ollama"),
    Proof("http", "gives its images", "low", product="Docker Registry", evidence="HTTP/1.1 200"),
    Proof("X11", "shows and types on the screen", info="open to everybody", own=True),
    Proof("vnc", "shows and types on the screen", fact=("security", "none")),
    Proof("varnish-cli", "takes commands", info="open"),
    Proof("tor-control", "takes commands", info="authentication: NULL"),
    Proof("socks5", "carries anybody's traffic under this machine's name", info="no authentication"),
    Proof("asf-rmcp", "switches the machine off and on", fact=("anonymous login", "enabled")),
    Proof("asf-rmcp", "switches the machine off and on", fact=("authentication none", "offered")),
    Proof("iscsi", "gives its disks", evidence="login response, status 0000"),
    Proof("nbd", "gives its disks", fact=("exports", "")),
    Proof("mqtt", "gives and takes all messages", "medium", evidence="CONNACK 0"),
    Proof("nats", "gives and takes all messages", "medium"),
    Proof("stomp", "gives and takes all messages", "medium", evidence="CONNECTED"),
    Proof("nsq", "gives and takes all messages", "medium"),
    Proof("beanstalkd", "gives and takes all jobs", "medium"),
    Proof("gearman", "gives and takes all jobs", "medium"),
)
STRONG = ("nonce", "structure", "banner")


def judge(facts: Facts) -> Iterator[Reason]:
    opening, identity = facts.opening, spoken(facts)
    # In a container's own namespace only its neighbours reach it; what is published is an opening of the host's.
    if not identity or identity.guarded or identity.proof not in STRONG or opening.netns.kind == "container":
        return
    if identity.starttls == "required":
        return  # what it wants inside TLS, a certificate perhaps, nobody has asked
    proof = next((each for each in PROOFS if _proves(each, identity)), None)
    if not proof or not (proof.indoors or reaches_others(opening)):
        return
    trusting = proof.own and over_loopback(opening)
    yield RULE.reason(
        f"{_name(identity)} wants no password: {proof.why}",
        quote(identity.evidence),
        "it was asked from this machine itself, which it may trust more than others" if trusting else "",
        who(opening.owners) if opening.owners else "",
        remedy="have it want a password or a certificate; until then, bind it to loopback or to its clients' interface",
        severity=_severity(opening, proof, trusting=trusting),
    )


def _severity(opening: Opening, proof: Proof, *, trusting: bool) -> str:
    if not reaches_others(opening):
        return proof.indoors
    return by_scope(opening, milder(proof.severity) if trusting else proof.severity)


def _name(identity: Identity) -> str:
    return quote(identity.product if identity.name in ("http", "docker") and identity.product else identity.name)


def _proves(proof: Proof, identity: Identity) -> bool:
    """Whether an identity is this service, and shows what proves it open."""
    if identity.name != proof.name or not identity.product.startswith(proof.product):
        return False
    if not identity.evidence.startswith(proof.evidence) or (proof.info and identity.info != proof.info):
        return False
    name, word = proof.fact
    return not name or any(name == fact and word in [*value.split(", "), ""] for fact, value in identity.facts)
