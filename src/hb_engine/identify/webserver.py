"""What a page tells of the server that sent it: its Server header, and the facts that a person looks for.

A Server header is what somebody configured: it is told as product and version, and gets a CPE only where the maker's
spelling is known. Applications behind the server are the business of products/, which knows them by proof. It refuses
to read versions out of anything but the header that exists for them (RFC 9110 10.2.4).
"""

from __future__ import annotations

from hb_engine.identify.http import Page, realm, title
from hb_engine.identify.kit import EVIDENCE, text
from hb_engine.model.identity import Identity

# The first product token in lower case: how people call it, and vendor:product in CPE.
SERVERS = {
    "abyss": ("Abyss Web Server", ""),
    "aiohttp": ("aiohttp", "aiohttp:aiohttp"),
    "akamaighost": ("AkamaiGHost", ""),
    "allegro-software-rompager": ("Allegro RomPager", "allegrosoft:rompager"),
    "apache": ("Apache httpd", "apache:http_server"),
    "apache-coyote": ("Apache Tomcat/Coyote JSP engine", "apache:coyote_http_connector"),
    "apachetrafficserver": ("Apache Traffic Server", "apache:traffic_server"),
    "ats": ("Apache Traffic Server", "apache:traffic_server"),
    "basehttp": ("Python BaseHTTPServer", ""),
    "boa": ("Boa httpd", "boa:boa"),
    "caddy": ("Caddy httpd", "caddyserver:caddy"),
    "cherokee": ("Cherokee httpd", "cherokee-project:cherokee"),
    "cherrypy": ("CherryPy httpd", "cherrypy:cherrypy"),
    "cheroot": ("Cheroot httpd", ""),
    "cloudflare": ("Cloudflare http proxy", ""),
    "cowboy": ("Cowboy httpd", ""),
    "envoy": ("Envoy", "envoyproxy:envoy"),
    "glassfish server open source edition": ("GlassFish", "oracle:glassfish_server"),
    "goahead-webs": ("GoAhead WebServer", "embedthis:goahead"),
    "gsoap": ("gSOAP", "genivia:gsoap"),
    "gunicorn": ("Gunicorn", "gunicorn:gunicorn"),
    "h2o": ("H2O httpd", "dena:h2o"),
    "hiawatha": ("Hiawatha httpd", "hiawatha-webserver:hiawatha"),
    "hypercorn-h11": ("Hypercorn", ""),
    "hypercorn-h2": ("Hypercorn", ""),
    "ibm_http_server": ("IBM HTTP Server", "ibm:http_server"),
    "jetty": ("Jetty", "eclipse:jetty"),
    "kestrel": ("Kestrel", ""),
    "lighttpd": ("lighttpd", "lighttpd:lighttpd"),
    "litespeed": ("LiteSpeed httpd", "litespeedtech:litespeed_web_server"),
    "micro_httpd": ("micro_httpd", "acme:micro_httpd"),
    "microsoft-httpapi": ("Microsoft HTTPAPI httpd", ""),
    "microsoft-iis": ("Microsoft IIS httpd", "microsoft:internet_information_services"),
    "mini_httpd": ("mini_httpd", "acme:mini_httpd"),
    "mochiweb": ("MochiWeb httpd", ""),
    "monit": ("Monit httpd", "mmonit:monit"),
    "mongoose": ("Mongoose httpd", "cesanta:mongoose"),
    "nginx": ("nginx", "f5:nginx"),
    "nostromo": ("nostromo", "nazgul:nostromo"),
    "openbsd httpd": ("OpenBSD httpd", ""),
    "openresty": ("OpenResty", "openresty:openresty"),
    "puma": ("Puma httpd", "puma:puma"),
    "simplehttp": ("Python SimpleHTTPServer", ""),
    "tengine": ("Tengine httpd", "alibaba:tengine"),
    "thin": ("Thin httpd", ""),
    "thttpd": ("thttpd", "acme:thttpd"),
    "tornadoserver": ("Tornado httpd", "tornadoweb:tornado"),
    "twistedweb": ("TwistedWeb httpd", "twistedmatrix:twisted"),
    "unicorn": ("Unicorn httpd", ""),
    "uvicorn": ("Uvicorn", "encode:uvicorn"),
    "waitress": ("Waitress httpd", "agendaless:waitress"),
    "webrick": ("WEBrick httpd", "ruby-lang:webrick"),
    "websockets": ("websockets", "websockets_project:websockets"),
    "werkzeug": ("Werkzeug httpd", "palletsprojects:werkzeug"),
    "zope": ("Zope httpd", "zope:zope"),
}
# Words of the header that name a system.
SYSTEMS = {"debian": "Linux", "ubuntu": "Linux", "centos": "Linux", "red hat": "Linux", "fedora": "Linux",
           "rocky linux": "Linux", "almalinux": "Linux", "alpine": "Linux", "suse": "Linux", "raspbian": "Linux",
           "linux": "Linux", "win64": "Windows", "win32": "Windows", "windows": "Windows", "freebsd": "FreeBSD",
           "darwin": "macOS"}  # fmt: skip
# How servers say that this port wants TLS: nginx, Apache, Go, Jetty and Tomcat, Werkzeug's and Kubernetes' are Go's.
WANTS_TLS = (
    b"The plain HTTP request was sent to HTTPS port",
    b"speaking plain HTTP to an SSL-enabled server port",
    b"Client sent an HTTP request to an HTTPS server",
    b"This combination of host and port requires TLS",
)
FACTS = (("x-powered-by", "powered-by"), ("via", "via"), ("location", "location"), ("x-generator", "generator"))
VERSION = 80  # characters of a version, at most
GUARDED = (401, 403, 407)


def application(
    product: str,
    version: str = "",
    *,
    evidence: str,
    cpe: str = "",
    service: str = "http",
    info: str = "",
    guarded: bool = False,
    proof: str = "structure",
    facts: tuple[tuple[str, str], ...] = (),
) -> Identity:
    """The identity of an application that proved itself. `cpe` is vendor:product; `evidence` is what proved it."""
    version = version.strip()[:VERSION]
    return Identity(
        service,
        product,
        version,
        info[:EVIDENCE],
        cpe=cpes(cpe, version),
        proof=proof,
        evidence=evidence[:EVIDENCE],
        guarded=guarded,
        facts=tuple([(name, value[:EVIDENCE]) for name, value in facts if value]),
    )


def told(document: object, *keys: str) -> str:
    """A text inside a JSON document, bounded and on one line; empty where there is none at this place."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return text(document.encode("utf-8", "replace")) if isinstance(document, str) else ""


def between(data: bytes, start: bytes, end: bytes) -> str:
    """The text between two marks, if it is short enough for a version; empty otherwise."""
    at = data.find(start)
    if at < 0:
        return ""
    at += len(start)
    stop = data.find(end, at, at + VERSION + len(end))
    return text(data[at:stop]) if stop >= 0 else ""


def describe(page: Page) -> Identity:
    """The identity that a page proves on its own: HTTP, and what its headers say of the server."""
    server = page.header("server")
    product, version, info = product_of(server)
    name, cpe = SERVERS.get(product.lower(), (product, ""))
    return Identity(
        "http-proxy" if page.status == 407 or page.header("proxy-authenticate") else "http",
        name,
        version,
        info,
        system=system_of(server),
        cpe=cpes(cpe, version),
        evidence=line_of(page)[:EVIDENCE],
        guarded=page.status in GUARDED,
        facts=facts_of(page),
    )


def line_of(page: Page, *headers: str) -> str:
    """The status line and some headers, as evidence: those given, or Server."""
    named = [f"{name}: {page.header(name)}" for name in headers or ("server",) if page.header(name)]
    return ", ".join([f"{page.protocol} {page.status} {page.reason}".strip(), *named])


def facts_of(page: Page) -> tuple[tuple[str, str], ...]:
    """What a person wants to know of a page, as far as it tells it."""
    asked = page.header("www-authenticate") or page.header("proxy-authenticate")
    found = [
        ("status", str(page.status)),
        ("title", title(page)),
        ("server", page.header("server")),
        ("realm", realm(asked)),
        *[(name, page.header(header)) for header, name in FACTS],
        ("wants", "TLS" if wants_tls(page) else ""),
    ]
    return tuple([(name, value[:EVIDENCE]) for name, value in found if value])


def wants_tls(page: Page) -> bool:
    """Whether the server said that a plain request is wrong on this port."""
    return page.status == 400 and not page.tls and any(words in page.body for words in WANTS_TLS)


def product_of(told: str) -> tuple[str, str, str]:
    """A Server header as name, version and the rest: `Apache/2.4.57 (Debian) PHP/8` is Apache, 2.4.57, Debian PHP/8.

    The name is what stands before the first slash or bracket, spaces and all; a version begins with a digit.
    """
    told = told.strip()[:EVIDENCE]
    first, _, own = told.partition(" ")
    if first.startswith("Python/") and "/" in own:  # aiohttp and others put their interpreter first
        told = f"{own} {first}"
    system, upnp, own = told.partition(" UPnP/")
    own = own.partition(" ")[2].strip()
    if upnp and "/" in own:  # UPnP Device Architecture 1.3.2: OS/version UPnP/1.0 product/version
        told = f"{own} {system.rstrip(',')}"
    at = next((index for index, letter in enumerate(told) if letter in "/("), len(told))
    name, rest = told[:at].strip(), told[at:]
    version = ""
    if rest[:1] == "/" or (rest[:1] == "(" and rest[1:2].isdigit()):  # Jetty(9.4.53.v20231009)
        end = next((index for index, letter in enumerate(rest) if index and letter in " ,;()"), len(rest))
        version, rest = rest[1:end], rest[end:].removeprefix(")")
        if version[:1] in "vV" and version[1:2].isdigit():
            version = version[1:]
    if not version[:1].isdigit():
        rest, version = f"{version} {rest}", ""
        before, _, last = name.rpartition(" ")
        if before and last[:1].isdigit():  # Icecast 2.4.4
            name, version = before, last
    return name, version, " ".join(rest.replace("(", " ").replace(")", " ").split()).strip(",; ")


def system_of(told: str) -> str:
    """The operating system that a Server header names, if it does."""
    words = told.lower()
    return next((system for word, system in SYSTEMS.items() if word in words), "")


def cpes(pair: str, version: str) -> tuple[str, ...]:
    """The CPE 2.2 name of vendor:product in a version; none where the maker is unknown or the version is odd."""
    if not pair:
        return ()
    if version and not (version.isascii() and version.replace(".", "").replace("-", "").replace("_", "").isalnum()):
        return ()
    return (f"cpe:/a:{pair}:{version}" if version else f"cpe:/a:{pair}",)
