"""Apache httpd with Debian's ServerTokens OS, in clear and inside TLS."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(80, ("http",), product="Apache", reveals="upstream")
HTTPS = Listen(443, ("http", "https"), product="Apache", reveals="upstream", tls=True)
SERVER = Server(packages=("apache2-bin",), listens=(HTTP, HTTPS, HTTP.also(40081)))

CONFIGURATION = """
ServerRoot /usr/lib/apache2
ServerName apache.testbed.invalid
ServerTokens OS
PidFile /run/apache.pid
DefaultRuntimeDir /run
ErrorLog /dev/stderr
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule ssl_module modules/mod_ssl.so
Listen 80
Listen 40081
Listen 443
DocumentRoot /tmp
<VirtualHost *:443>
  SSLEngine on
  SSLCertificateFile {certificate}
  SSLCertificateKeyFile {key}
</VirtualHost>
"""


def start(place: Place) -> None:
    """The least that answers."""
    certificate, key = place.certificate()
    file = place.write("apache.conf", CONFIGURATION.format(certificate=certificate, key=key))
    place.spawn("apache2", "-DFOREGROUND", "-f", file)
