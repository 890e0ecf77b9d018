# Installs the Debian packages that tests and benchmarks use as real peers, where that is possible (root, apt-get).
# Elsewhere it says what is missing; the tests concerned skip themselves with the reason. Words are more of them, as
# command:package; a command that begins with / is a file that the package brings.
missing=
there() {
    case $1 in
        /*) [ -e "$1" ] ;;
        *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}
for pair in ip:iproute2 ss:iproute2 lsof:lsof netstat:net-tools tmux:tmux rpm:rpm rpmbuild:rpm unshare:util-linux \
    nft:nftables iptables:iptables git:git systemd-analyze:systemd openssl:openssl xmllint:libxml2-utils ndiff:ndiff /usr/share/nmap/nmap.dtd:nmap-common chromium:chromium "$@"; do
    there "${pair%%:*}" || case " $missing " in *" ${pair#*:} "*) ;; *) missing="$missing ${pair#*:}" ;; esac
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing the tests' peers:$missing"
    # shellcheck disable=SC2086
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing; } \
        >/dev/null 2>&1 || echo "could not install$missing: the tests that need them will be skipped"
else
    echo "not installed, and not root on Debian:$missing; the tests that need them will be skipped"
fi
exit 0
