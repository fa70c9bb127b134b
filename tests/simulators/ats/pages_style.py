"""How the pages of a simulator look: plain, and unlike the product that is connected to it."""

STYLE = """
:root { --ink: #1d2b28; --quiet: #5c6b67; --line: #d8e0dd; --ground: #f4f7f6; --card: #fff; --main: #0b6b53; --bad: #a12b2b }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, sans-serif }
header { display: flex; gap: 16px; align-items: center; padding: 12px 24px; background: var(--ink); color: #fff }
header .brand { color: #fff; font-weight: 700; font-size: 18px; text-decoration: none }
header .brand small { display: inline; margin-left: 8px; padding: 2px 8px; border-radius: 9px; background: #fff2; color: #fff; font-weight: 400 }
header .hooks { margin-left: auto; color: #cfdad6; font-size: 13px }
main { max-width: 1360px; margin: 0 auto; padding: 24px }
h1 { font-size: 24px; margin: 0 0 16px } h2 { font-size: 16px; margin: 0 0 8px }
a { color: var(--main) } small { display: block; color: var(--quiet); font-size: 13px }
.columns { display: grid; grid-template-columns: 300px minmax(0, 1fr); gap: 24px; align-items: start }
.columns:has(.side) { grid-template-columns: minmax(0, 1fr) 340px }
.jobs ul, .files { list-style: none; margin: 0; padding: 0 }
.jobs li { display: flex; align-items: center; gap: 4px }
.jobs a { flex: 1; position: relative; padding: 6px 44px 6px 10px; border-radius: 6px; color: inherit; text-decoration: none }
.jobs a:hover, .jobs a[aria-current] { background: #e2ebe8 }
.jobs b { position: absolute; right: 10px; top: 6px; font-weight: 600; color: var(--quiet) }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden }
th, td { text-align: left; padding: 9px 12px; border-top: 1px solid var(--line); vertical-align: top }
th { font-size: 13px; color: var(--quiet); font-weight: 600; border: 0 }
.when { color: var(--quiet); white-space: nowrap }
.pill { display: inline-block; padding: 1px 9px; border-radius: 10px; background: #e2ebe8; font-size: 13px; font-weight: 400 }
.pill.hired { background: #cfeedd } .pill.rejected, .pill.withdrawn { background: #f4dcdc }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px; margin: 0 0 16px; overflow-wrap: anywhere }
.card p { margin: 0 0 8px } .narrow { max-width: 460px } .way, .lead, .empty { color: var(--quiet) }
form { margin: 0 } .inline { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 0 0 10px }
.stacked { display: grid; gap: 10px } .stacked label { display: grid; gap: 3px; font-size: 13px; color: var(--quiet) }
.search { display: flex; gap: 8px; margin: 0 0 12px } .search input[name=q] { flex: 1; min-width: 0 }
input, select, textarea, button, .button { font: 15px/1.45 system-ui, sans-serif; padding: 7px 11px; border: 1px solid #b9c6c1; border-radius: 6px; background: #fff; color: var(--ink); max-width: 100% }
textarea { width: 100%; min-height: 64px }
button, .button { cursor: pointer; text-decoration: none } button:hover, .button:hover { border-color: var(--ink) }
.main { background: var(--main); border-color: var(--main); color: #fff } .danger { color: var(--bad); border-color: var(--bad) }
.quiet { padding: 2px 8px; font-size: 13px; color: var(--quiet) }
.stacked .tick, .tick { display: flex; gap: 6px; align-items: center; font-size: 13px; color: var(--quiet) } .tick input { padding: 0 }
.more { text-align: center }
:focus-visible { outline: 3px solid #69b7a0; outline-offset: 1px }
@media (max-width: 760px) {
  header { flex-wrap: wrap; gap: 4px 8px; padding: 10px 16px } header .hooks { order: 3; width: 100%; margin: 0 }
  header .button { margin-left: auto; padding: 3px 9px } header .brand { font-size: 16px } header .brand small { margin-left: 6px }
  main { padding: 16px } .columns, .columns:has(.side) { grid-template-columns: minmax(0, 1fr) }
  .jobs ul { max-height: 220px; overflow: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card) }
  thead { display: none } tr { display: block; border-top: 1px solid var(--line); padding: 8px 0 } td { display: block; border: 0; padding: 2px 12px }
  td[data-label] { display: grid; grid-template-columns: 100px 1fr; gap: 0 8px } td[data-label]::before { content: attr(data-label); color: var(--quiet); font-size: 13px; grid-row: span 9 }
  td[data-label] br { display: none } td .pill { justify-self: start }
}
"""
