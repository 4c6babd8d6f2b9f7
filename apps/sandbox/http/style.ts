/** The pages' one style sheet. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #16202b; --paper: #f5f7f9; --card: #fff; --line: #d5dce3; --accent: #0b6e4f; --quiet: #5d6b79; --bad: #a3262a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --paper: #11181f; --card: #1a242e; --line: #33414e; --accent: #4cc79b; --quiet: #9aa8b5; --bad: #ff8b8b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, 'Noto Sans Bengali', sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; padding: .8rem 1.2rem; background: var(--card); border-bottom: 1px solid var(--line); }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
.home { font-weight: 700; }
main { max-width: 60rem; margin: 0 auto; padding: 1.2rem; }
footer { max-width: 60rem; margin: 0 auto; padding: 1.2rem; color: var(--quiet); font-size: .85rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 0 0 .6rem; }
.en { color: var(--quiet); font-size: .9em; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 0 0 1rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; }
form { display: flex; flex-wrap: wrap; gap: .8rem; align-items: end; }
label { display: grid; gap: .2rem; }
input, select, button { font: inherit; padding: .45rem .7rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--paper); color: inherit; max-width: 100%; }
button { background: var(--accent); border-color: var(--accent); color: var(--card); font-weight: 600; cursor: pointer; }
button.plain { background: none; border: 0; padding: 0; color: var(--accent); font-weight: 400; text-align: left; }
button .en { color: inherit; }
.sms { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--paper); border-radius: .6rem; padding: .7rem .9rem; margin: .3rem 0 0; }
.when { color: var(--quiet); font-size: .85rem; }
.display { font: 600 1.5rem/1.3 ui-monospace, monospace; background: #c9d8b6; color: #1c2611; border-radius: .4rem; padding: .8rem 1rem; min-height: 4.2rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
.keypad { display: grid; grid-template-columns: repeat(3, 4.5rem); gap: .5rem; }
.keypad button { padding: .8rem 0; font-size: 1.2rem; }
.wall { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 0 1rem; }
.meter .keypad { grid-template-columns: repeat(3, 1fr); width: 100%; }
.said { min-height: 1.5em; margin: -.5rem 0 .3rem; }
.lamp { font-weight: 600; margin: 0 0 .8rem; } .lamp::before { content: '●'; margin-right: .4rem; } .lamp.on::before { color: #2e9e57; } .lamp.off::before { color: var(--bad); }
.house { margin: 1rem 0 .5rem; padding-top: .8rem; border-top: 1px dashed var(--line); gap: .5rem; }
.house button { background: none; color: var(--accent); font-weight: 500; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.wide { overflow-x: auto; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
.bad { color: var(--bad); }
`;
