"""Make the packaged ranking of ports: which to ask first where not all can be asked.

    python tools/build_top.py            writes src/hb_engine/scan/data/top.tsv and its PROVENANCE.md
    python tools/build_top.py --check    exits with 1 where the files are not what this makes

Four rules, one after the other; a port stands where the first that names it puts it:

    hand         HAND: ordered by hand, by how often administrators meet the service. Judgement, not measurement
    other        OTHER: further ports of the same and other well-known services, by their makers' documentation
    neighbours   NEIGHBOURS: where a second instance goes, and where systems hand out ports one after the other
    registered   system ports (RFC 6335 6) that IANA's registry assigns, first those with a document, then the others

until there are as many as MOST says. This tool refuses to take a ranking from anybody else's data.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from hb_engine.registry.assignments import Registry  # noqa: E402  (the path comes first)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = ROOT / "src" / "hb_engine" / "scan" / "data"
MOST = {"tcp": 1400, "udp": 300}
RULES = {
    "hand": "ordered by hand, by how often administrators meet the service: judgement, not measurement",
    "other": "further ports of the same and other well-known services, by their makers' documentation",
    "neighbours": "where a second instance goes, and where systems hand out ports one after the other",
    "registered": "system ports (RFC 6335 6) that IANA's registry assigns: first those with a document",
}

HAND = {
    "tcp": """
        443 80 22 3389 445 25 53 21 23 135 139 110 143 993 995 8080 3306 5432 8443 587 465 111 2049 389 636 88 5900
        1433 6379 27017 9200 8000 5985 5986 1521 179 9090 9100 3000 5000 8888 8081 9000 631 515 548 873 6443 10250
        2375 2376 2379 2380 5672 15672 1883 8883 9092 2181 11211 3268 3269 464 593 5060 5061 1723 554 113 990 2222
        10000 8006 8140 4505 4506 10050 10051 5666 6556 5601 5044 9093 9091 3100 8086 9042 7000 7001 5984 8500 8200
        4646 9300 50000 1080 3128 8009 8008 8088 8089 9443 4443 10443 8834 9390 9392 902 903 5480 623 5353 853 119
        563 70 79 37 13 7 9 19 17 43 49 102 502 20000 44818 4840 161 199 162 705 1099 1098 4444 4445 5005 8787 9999
        5222 5269 5280 5281 6667 6697 194 64738 4369 25672 61613 61616 8161 4222 8222 6222 7687 7474 7473 8123 9440
        9009 26257 28015 3050 1526 33060 6432 6033 5433 3307 6380 26379 16379 7199 9160 8983 8020 9870 50070 50075
        8032 8042 8188 10020 19888 16010 60010 60000 2888 3888 6066 7077 4040 18080 18081 3260 860 24007 24008 49152
        6789 3300 6800 7480 9283 5001 5405 2224 3121 21064 9418 3690 2401 3632 8010 8090 8991 8181 8082 8083 8084
        8085 8087 8444 7443 4848 8880 81 82 83 591 2082 2083 2086 2087 2095 2096 2077 2078 7547 5357 5358 2869 1900
        32400 8096 8920 1880 8291 8728 8729 830 22022 4786 2000 4190 24 783 10024 10025 10026 11332 11333 11334 3310
        6082 6081 1194 1701 500 4500 51820 5038 8021 1720 1935 8554 8600 8301 8302 8300 4647 4648 6514 601 514 512
        513 544 543 2105 749 750 754 3493 3551 4949 8649 8651 8652 2947 2628 6600 6010 6000 6001 5901 5902 5800 5801
        5938 7070 4899 3283 5988 5989 1311 17988 17990 5120 5123 664 9101 9102 9103 1503 3702 5555 8118 9050 9051
        9150 8332 8333 30303 8545 8546 9735 18332 18333 3478 5349 1812 1813 9389 5722 5723 1270 8530 8531 10123 2701
        2702 49153 49154 49155 49156 49157 1434 2383 2382 1801 2103 2107 808 809 47001 5504 32843 1025 1026 1027
        1028 1029 10001 4001 2001 1604 1494 2598 8061 9080 9060 9043 9086 7002 7003 5556 4200 4100 8978 8761 8848
        8849 9848 2020 2021 2121 989 2323 26 2525 366 24800 3689 3240 9530 4321 1702 1703
    """,
    "udp": """
        53 161 123 67 137 500 1900 5353 69 514 111 138 4500 1434 68 443 162 389 1194 1812 1813 5060 88 3702 5355 623
        47808 3478 51820 1701 520 2049 546 547 464 11211 5683 5684 1645 1646 3389 177 3391 853 6081 4789 8472 3784
        3785 4784 5405 8301 8302 44818 2222 20000 19 17 13 7 9 37 10001 64738 4569 2427 2727 3544 27015 27960 30303
        6881 34964 5351 5350 9987 1027 1026 10080 49152 32768 496 518 517 42 2152 2123 3386 8805 5246 5247 6343 2055
        9995 9996 4739 1718 1719 24441 5632 17185 3283 7777 19132 25565 41641 6771
    """,
}

OTHER = {
    "tcp": """
        ssh: 2022 2200 2201 2202 22222 10022 8022 222 2322 55522
        ftp: 20 2100 2120 10021 60021
        telnet: 992 2332 4000 9023
        mail: 106 209 109 220 585 628 2526 588 4465 5025 10587 10465
        ldap: 10389 10636 1389 1636 3890 6360 4389
        smb: 444 447
        web: 84 85 86 87 89 90 99 180 280 300 480 488 777 800 801 880 888 889 898 981 1000 1024 1110 1183 1234 1443
        2301 2381 2443 2480 3001 3002 3003 3030 3037 3333 3443 4002 4080 4242 4343 4433 4567 4711 4712 4993 5002
        5050 5104 5108 5443 5500 6060 6080 6543 6788 7080 7004 7005 7007 7010 7071 7100 7170 7200 7272 7396 7500
        7681 7777 7788 7800 7878 8001 8002 8003 8004 8005 8007 8011 8012 8013 8014 8015 8016 8018 8019 8030 8031
        8040 8043 8050 8051 8053 8060 8069 8070 8071 8072 8073 8076 8077 8078 8079 8091 8092 8093 8094 8095 8097
        8098 8099 8100 8111 8112 8126 8133 8139 8141 8172 8180 8182 8183 8184 8189 8190 8243 8245 8280 8281 8282
        8334 8383 8384 8385 8400 8401 8403 8445 8447 8448 8449 8450 8480 8481 8501 8510 8580 8585 8590 8643 8686
        8688 8700 8765 8766 8800 8810 8843 8850 8881 8882 8884 8885 8887 8889 8890 8899 8900 8910 8943 8980 8988
        8989 8990 8999 9001 9002 9003 9004 9005 9006 9008 9010 9011 9012 9013 9020 9021 9030 9040 9081 9082 9083
        9084 9085 9088 9089 9095 9096 9098 9099 9111 9119 9121 9180 9191 9292 9330 9333 9393 9400 9401 9402 9403
        9444 9445 9495 9500 9501 9502 9600 9663 9680 9700 9800 9876 9898 9900 9943 9944 9966 9981 9982 9990 9991
        9993 9994 9997 9998 10002 10008 10080 10081 10082 10083 10180 10243 10255 10256 10257 10259 11000 11080
        11443 12000 12080 12345 12443 13000 13080 14000 15000 15692 16000 16080 16443 16992 16993 16994 16995 18000
        18088 18443 19080 19443 19999 20080 20443 28017 30000 30080 30443 31080 31443 33333 37777 40000 41080 44300
        45000 50001 50002 50003 50030 50060 50090 55555 60080 60443
        database: 1522 1523 1524 1525 1527 1529 1583 1830 2483 2484 3308 3309 3351 4333 5434 5435 5439 5440 6263
        7210 4406 3305 3301 13306 15432 16432 23306 27018 27019 27020 29015 30013 30015 30041 33061 37017 523 2638
        6382 6383 7379 7380 8529 9142 9201 9243 9301 11207 11210 11214 18091 18092 19042 21050 21000 25000 27080
        queue: 1414 1415 5671 5673 8672 9094 15671 15674 15675 19092 29092 61614 61617 61680 5445 6650 6651 8778
        cluster: 2377 7946 4149 4150 4160 4161 4194 6444 6783 6784 8472 9345 9537 10248 10249 10251 10252 12379
        30001 9796
        monitoring: 9104 9106 9107 9108 9109 9110 9113 9114 9115 9116 9117 9118 9126 9127 9187 9216 9221 9256 9273
        9290 9308 9419 9913 3101 3200 4317 4318 14250 14267 14268 16685 16686 9411 55679 55680 12201 12900 8125 2003
        2004
        directory: 3020
        remote: 3388 3390 5903 5904 5905 5906 5907 5908 5909 5910 5931 5950 5999 8041 5650 5655 6129 1199 1617 7091
        11099 10999 45566
        storage: 4420 3205 10809 24009 24010 49158 49159 5003 7789 6801 6802 6803 9878 9860 988
        voice: 1719 2427 2944 2945 5062 5063 5064 5065 5070 5080 5090 16384 5066 5223 5228 5262 5263 5270 5298 5347
        1863 5190 6661 6662 6663 6664 6665 6666 6668 6669 6679
        industrial: 1089 1090 1091 1911 1962 2404 2455 4911 789 5006 5007 5094 18245 18246 20547 34962 34963 34964
        34980 38589 55000 55001 55002 55003 50123 1217 11740 3500 4713 7700 10307 62900 62911
        printing: 9105 9220 35 92 721 1782 3910 3911 8611 8612 8613 53202
        camera: 34567 34568 37778 9527 10554 5544 1554 8555
        game: 25565 25575 27015 27016 27036 26000 28960 2302 3724 6112
        windows: 42 115 1512 1711 2101 2179 3343 3527 4022 5040 5720 6602 7680 9535
        backup: 1556 13720 13721 13724 13782 2500 5554 6106 6160 6162 6165 9395 10005 10006 10090 497 10110 1500
        1501 1581 1582 8402
        vmware: 427 9087 15005 15007 5488 7444 8697 9875 3031
        management: 2144 5580 5225 5226 6988 7627 12865 3780 8191 8065 4118 4119 4120 4122 5274 6101 7337 8193 9887
        17777 17778 17790 17791
        file: 4045 20048 32803 32765 32766 32767 4046 8730 6881 6882 6969 51413 4662 2234 1214 412 411
        rpc: 32768 32769 32770 32771 32772 32773 32774 32775 32776 32777 32778 32779 32780
        language: 3004 3005 4004 4005 5858 7860 8788 9222 9229 9230 11434 1337 5173 5174 4173 8265 6006
    """,
    "udp": """
        monitoring: 8125 25826 8649 12201 2003 9993
        vpn: 1195 1196 1197 1198 51821 2408 10000 4433 655
        voice: 5061 5062 5070 5080 5004 5005 16384
        windows: 135 445 593 1433 5722 2535 3343 5357 50000
        game: 27016 27017 27031 28960 26000 2302 7778 27005 34197 16261
        radius: 1814 3799 2083 49 1700
        industrial: 1911 1962 34980 34962 34963 2221 1089 1090 1091 50023 55555 2362 5094 18245 789 9600 5006 502
        devices: 32410 32412 32414 38412 37810 3956 1967 5678 8611 8612 9050 427 30718 21027 6454 5568 3671
        rpc: 32769 32770 32771 32772 2048 4045 20048 997 998 999 1023 1022
        cluster: 7946 8600 6783 9301 5404 694 4648
        routing: 521 646 1985 3222 698 3503 6784 3232
        time: 319 320
        other: 80 53413 1234 1604 5093 6346 6970 9200 4665 4672 5050 3130 4827
    """,
}

NEIGHBOURS = {
    "tcp": (
        (8000, 8099),
        (9000, 9119),
        (5900, 5910),
        (6000, 6010),
        (3000, 3010),
        (5000, 5010),
        (4000, 4005),
        (7000, 7010),
        (10000, 10010),
        (27017, 27020),
        (49152, 49170),  # where Windows begins to hand out ports of RPC services
        (32765, 32785),  # where Linux and Solaris do
        (30000, 30010),  # Kubernetes node ports
        (1024, 1030),
    ),
    "udp": ((49152, 49160), (32768, 32775), (33434, 33440), (27015, 27020), (1024, 1030)),
}

HEADING = "# Where this data comes from\n"
PAGE = """
`top.tsv` is hb's own ranking of ports, written by `tools/build_top.py`; change that, not this. It says which ports are
asked first, and which with `top:N`; it is no measurement and claims none.

A port stands where the first of four rules puts it:

| rule | tcp | udp | what |
| --- | --- | --- | --- |
{lines}

`hand` and `other` were written for hb, from what administrators run and from what the makers of those services
document as their ports: that a port is usual is common knowledge, and the order is the writers' judgement. `registered`
comes from IANA's registry as hb packages it (CC0 1.0; see `src/hb_engine/registry/data/PROVENANCE.md`). No other
scanner's list of ports or frequencies was read for it or compared with it.

Whoever has counted answers on networks of their own may know better: the order is a default, and `-p` overrules it.
"""


def main(line: list[str]) -> int:
    """Write the files, or with --check compare them."""
    made = {name: text.encode() for name, text in (("top.tsv", table()), ("PROVENANCE.md", page()))}
    if line == ["--check"]:
        stale = [
            name for name, data in made.items() if not (DATA / name).exists() or (DATA / name).read_bytes() != data
        ]
        print("\n".join([f"{name} is not what tools/build_top.py makes" for name in stale]) or "current")
        return 1 if stale else 0
    DATA.mkdir(exist_ok=True)
    for name, data in made.items():
        (DATA / name).write_bytes(data)
    print(page())
    return 0


def ranking(transport: str) -> dict[int, str]:
    """Ports in their order, each with the rule that put it there."""
    found: dict[int, str] = {}
    for rule, ports in (
        ("hand", _numbers(HAND[transport])),
        ("other", _numbers(OTHER[transport])),
        ("neighbours", [port for first, last in NEIGHBOURS[transport] for port in range(first, last + 1)]),
        ("registered", _registered(transport)),
    ):
        for port in ports:
            if len(found) < MOST[transport]:
                found.setdefault(port, rule)
    return found


def table() -> str:
    """The data file: transport, port and rule, with tabs between."""
    rows = [f"{transport}\t{port}\t{rule}" for transport in MOST for port, rule in ranking(transport).items()]
    return "\n".join(["#hb-top\t1", *rows, f"#end\t{len(rows)}"]) + "\n"


def page() -> str:
    """PROVENANCE.md, with how many ports each rule put there."""
    counts = {name: list(ranking(name).values()) for name in MOST}
    lines = [
        f"| {rule} | {counts['tcp'].count(rule)} | {counts['udp'].count(rule)} | {what} |"
        for rule, what in RULES.items()
    ]
    return HEADING + PAGE.format(lines="\n".join(lines))


def _numbers(text: str) -> list[int]:
    """The numbers of a list; words before them say for people what they are."""
    return [int(word) for word in text.split() if word.isdigit()]


def _registered(transport: str) -> Iterator[int]:
    """Assigned system ports, by number: first those with a document."""
    rows = [
        row
        for row in Registry.open().all()
        if row.transport == transport and row.status == "assigned" and row.name and row.first is not None
        if row.first == row.last and 0 < row.first < 1024
    ]
    for documented in (True, False):
        yield from sorted({row.first for row in rows if row.first is not None and bool(row.references) == documented})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
