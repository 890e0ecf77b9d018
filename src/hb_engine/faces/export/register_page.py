"""The parts of the register's page that are the same on every day: its style, and what the register answers.

Colours are named once, for light and dark; print is always dark on white. It refuses fonts and pictures from elsewhere.
"""

from __future__ import annotations

STYLE = """
:root { --ink: #1b1f24; --dim: #57606a; --line: #d0d7de; --head: #f3f5f7; --paper: #fff;
  --bad: #a40e26; --badbg: #fff1f1 }
@media (prefers-color-scheme: dark) {
:root { --ink: #e6e9ed; --dim: #9aa4b0; --line: #3a424c; --head: #1f252c; --paper: #14181d;
  --bad: #ff9492; --badbg: #34191c }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 96rem; padding: 2rem; color: var(--ink); background: var(--paper);
  font: 0.9375rem/1.45 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.2 }
h2 { margin: 2.2rem 0 0.4rem; font-size: 1.15rem }
header p { margin: 0.3rem 0 1rem; color: var(--dim) }
.facts { display: flex; flex-wrap: wrap; gap: 0.4rem 2.5rem; margin: 0; padding: 0.7rem 0;
  border-top: 2px solid var(--ink); border-bottom: 1px solid var(--line) }
.facts dt { font-size: 0.8rem; color: var(--dim) }
.facts dd { margin: 0 }
.numbers { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 0.6rem;
  margin: 0.6rem 0; padding: 0; list-style: none }
.numbers li { padding: 0.6rem 0.8rem; border: 1px solid var(--line); border-radius: 4px }
.numbers strong { display: block; font-size: 1.5rem; line-height: 1.1; font-variant-numeric: tabular-nums }
.numbers .bad { border-color: var(--bad); background: var(--badbg) }
.numbers .bad strong { color: var(--bad) }
.mark { display: block; font-size: 0.8rem; font-weight: 600; color: var(--bad) }
.scroll { overflow-x: auto }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem }
caption { padding: 0 0 0.6rem; text-align: left; color: var(--dim) }
th, td { padding: 0.45rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  overflow-wrap: anywhere }
th { font-weight: 400 }
thead th { font-weight: 600; background: var(--head); border-bottom: 2px solid var(--line); overflow-wrap: normal }
td { min-width: 6.5rem }
tbody th { min-width: 8rem }
b { font-weight: 600 }
small { display: block; font-size: 0.8rem; color: var(--dim) }
code { font: 0.9em ui-monospace, "Liberation Mono", monospace }
em { font-style: normal; font-weight: 600 }
strong.bad { font-weight: 600; color: var(--bad) }
.sign { display: grid; grid-template-columns: 2fr 2fr 1fr; gap: 0 2rem; margin-top: 1rem }
.sign div { padding-top: 2.6rem; border-bottom: 1px solid var(--ink) }
.sign span { font-size: 0.8rem; color: var(--dim) }
@page { size: A4 landscape; margin: 14mm 12mm 16mm;
  @bottom-left { content: "Register of ports, protocols and services"; font: 8pt sans-serif; color: #57606a }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; color: #57606a } }
@media print {
:root { color-scheme: light; --ink: #000; --dim: #444; --line: #bbb; --head: #eee; --paper: #fff;
  --bad: #8c0b1f; --badbg: #fff }
body { max-width: none; padding: 0; font-size: 9pt }
h1 { font-size: 15pt } h2 { margin-top: 14pt; font-size: 11.5pt; break-after: avoid }
table { font-size: 8pt } th, td { padding: 3pt 4pt } td, tbody th { min-width: 0 } small { font-size: 7pt }
caption { break-after: avoid }
.scroll { overflow: visible }
.numbers { grid-template-columns: repeat(4, 1fr); gap: 5pt } .numbers li { padding: 4pt 6pt }
.numbers strong { font-size: 13pt }
thead { display: table-header-group }
tr, .numbers li, .answers, .sign { break-inside: avoid }
thead th { -webkit-print-color-adjust: exact; print-color-adjust: exact }
table.allowed, table.unapproved, table.unjudged { table-layout: fixed }
:is(.unapproved, .unjudged) th:nth-child(1) { width: 13% } :is(.unapproved, .unjudged) th:nth-child(2) { width: 10% }
:is(.unapproved, .unjudged) th:nth-child(3) { width: 8% } :is(.unapproved, .unjudged) th:nth-child(4) { width: 16% }
:is(.unapproved, .unjudged) th:nth-child(5) { width: 22% }
table.allowed th:nth-child(1) { width: 13% } table.allowed th:nth-child(2) { width: 9% }
table.allowed th:nth-child(3) { width: 13% } table.allowed th:nth-child(4) { width: 13% }
table.allowed th:nth-child(5) { width: 8% } table.allowed th:nth-child(6) { width: 9% }
table.allowed th:nth-child(7) { width: 9% } table.allowed th:nth-child(8) { width: 13% }
}
"""
PAGE = """<section class="answers" aria-labelledby="answers">
<h2 id="answers">What this register answers</h2>
<table class="requirements">
<caption>Requirements, and where in this register their evidence stands.</caption>
<thead>
<tr><th scope="col">Requirement</th><th scope="col">Asks for</th><th scope="col">Stands in</th></tr>
</thead>
<tbody>
<tr><th scope="row">PCI DSS 4.0.1, 1.2.5</th>
<td>services, protocols and ports that are allowed are identified, approved, and have a defined business need</td>
<td>Service, Ports, Business need, Owner, Approved; and what is open without approval</td></tr>
<tr><th scope="row">PCI DSS 4.0.1, 1.2.6</th>
<td>security features for services, protocols and ports that are in use and insecure</td><td>Security</td></tr>
<tr><th scope="row">PCI DSS 4.0.1, 1.2.7</th>
<td>a review at least once every six months</td><td>Review due; the signatures below</td></tr>
<tr><th scope="row">NIST SP 800-53, CM-7</th>
<td>only what is needed is open; other ports, protocols and services are prohibited or restricted</td>
<td>all tables: what no rule allows is reported as open without approval</td></tr>
</tbody>
</table>
<p>A service counts as insecure by its name or its usual port where the rule does not require TLS. Ports that a rule
restricts to sources are restricted by firewalls, which are not looked at here.</p>
<h2 id="signed">Reviewed</h2>
<div class="sign">
<div><span>Name and role</span></div><div><span>Signature</span></div><div><span>Date</span></div>
<div><span>Name and role</span></div><div><span>Signature</span></div><div><span>Date</span></div>
</div>
</section>
"""
