namespace Observatory.Collector;

/// <summary>Style and script of the page: files of their own, so that its policy can forbid everything inline.</summary>
internal static class PageAssets
{
    /// <summary>What the browser may do with the page: nothing that does not come from here.</summary>
    public const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    public const string Style = """
        :root { color-scheme: light dark; --back: #fbfbfa; --front: #1b1f24; --soft: #5c6670; --line: #d8dcdf; --card: #fff; --accent: #1d5fa8;
          --gc: #8a4fc7; --running: #2c9a6e; --throttled: #b3263a; --preempted: #d9542b; --waking: #e3a21a; --blocked: #4d7ea8; --queued: #8a8d2f; --awaiting: #7d9fb5; --unknown: #9aa1a8; --other: #c3b091; --alert: #a8192b; }
        @media (prefers-color-scheme: dark) { :root { --back: #14171a; --front: #e6e8ea; --soft: #9aa4ad; --line: #31373d; --card: #1b1f23; --accent: #6fb0f2;
          --gc: #b487e6; --running: #45bd8b; --throttled: #e0566a; --preempted: #f07a52; --waking: #efbb4b; --blocked: #72a6d1; --queued: #b4b84f; --awaiting: #9fbdd1; --unknown: #7b838b; --other: #75695a; --alert: #ff8d97; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1rem; max-width: 90rem; background: var(--back); color: var(--front); font: 15px/1.45 system-ui, sans-serif; }
        h1 { font-size: 1.35rem; margin: 0 0 .2rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; }
        p { margin: .2rem 0; } h1, h2, h3, p, button { overflow-wrap: anywhere; } .soft { color: var(--soft); } a { color: var(--accent); } code { overflow-wrap: anywhere; }
        table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .25rem .6rem .25rem 0; vertical-align: middle; border-bottom: 1px solid var(--line); font-weight: normal; }
        th { color: var(--soft); } .alert { color: var(--alert); font-weight: 600; } .number + :not(.number) { padding-left: 1rem; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .wide { overflow-x: auto; }
        td.bar { width: 45%; min-width: 9rem; } svg { display: block; width: 100%; } .bar svg { height: 1rem; }
        .cards { display: grid; gap: 1rem; align-items: start; grid-template-columns: repeat(auto-fill, minmax(min(100%, 34rem), 1fr)); }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; min-width: 0; }
        .card h3 { font-size: 1rem; margin: 0; } .card ul { margin: .3rem 0; padding-left: 1.2rem; } .card li { overflow-wrap: anywhere; } .reason { font-weight: 600; } .card svg { margin: .5rem 0; } .actions { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .5rem; }
        button, .button { font: inherit; padding: .3rem .8rem; border: 1px solid var(--accent); border-radius: .35rem; background: none; color: var(--accent); text-decoration: none; cursor: pointer; }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: .4rem 0; font-size: .85rem; } .legend i { display: inline-block; width: .8rem; height: .8rem; margin-right: .3rem; vertical-align: -.08rem; border-radius: .15rem; }
        .gc { fill: var(--gc); background: var(--gc); } .running { fill: var(--running); background: var(--running); } .throttled { fill: var(--throttled); background: var(--throttled); }
        .preempted { fill: var(--preempted); background: var(--preempted); } .waking { fill: var(--waking); background: var(--waking); } .blocked { fill: var(--blocked); background: var(--blocked); }
        .queued { fill: var(--queued); background: var(--queued); } .awaiting { fill: var(--awaiting); background: var(--awaiting); } .unknown { fill: var(--unknown); background: var(--unknown); }
        .target { fill: var(--running); background: var(--running); } .other { fill: var(--other); background: var(--other); } .window { fill: var(--accent); background: var(--accent); opacity: .13; } .legend .window { opacity: .35; }
        .picture { display: grid; grid-template-columns: minmax(4rem, 11rem) minmax(0, 1fr); column-gap: .6rem; margin: .5rem 0; }
        .picture svg { height: 1.5rem; margin: 0; border-top: 1px solid var(--line); } .lane { color: var(--soft); font-size: .82rem; line-height: 1.5rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .axis { display: flex; justify-content: space-between; border-top: 1px solid var(--line); color: var(--soft); font-size: .78rem; font-variant-numeric: tabular-nums; } [hidden] { display: none !important; }
        .advice::before { content: "→ "; }
        .answer { font-size: 1.2rem; font-weight: 600; margin: .6rem 0 .4rem; } .causes { width: auto; } .causes td { vertical-align: top; border: 0; padding: .1rem .9rem .1rem 0; }
        h2 + .actions, .actions + .soft, .legend + .cards { margin-top: .6rem; } .cards + p, main + p { margin-top: 1rem; }
        @media (max-width: 40rem) { .picture { grid-template-columns: 6.5rem minmax(0, 1fr); } .hide-narrow { display: none; } body { padding: .7rem; } .button, button { padding: .3rem .6rem; font-size: .9rem; }
          .accounts tr, .sources tr { display: grid; border-bottom: 1px solid var(--line); } .accounts td, .accounts th, .sources td, .sources th { border: 0; }
          .accounts tr { grid-template-columns: minmax(0, 1fr) 5rem 6rem; } .sources tr { grid-template-columns: repeat(4, minmax(0, 1fr)); }
          td.bar, td.detail { grid-column: 1 / -1; width: auto; padding-left: 0 !important; padding-top: 0; } .accounts th:last-child { display: none; } }
        """;

    public const string Script = """
        'use strict';
        const perfetto = 'https://ui.perfetto.dev';
        async function openInPerfetto(button) {
          // Opened at once, while the click still allows it; the trace follows.
          const page = window.open(perfetto);
          if (!page) { button.textContent = 'The browser blocked the window'; return; }
          const answer = await fetch('/traces/' + button.dataset.id);
          if (!answer.ok) { page.close(); button.textContent = await answer.text(); return; }
          const buffer = await answer.arrayBuffer();
          const ping = setInterval(() => page.closed ? clearInterval(ping) : page.postMessage('PING', perfetto), 50);
          window.addEventListener('message', function ready(message) {
            if (message.origin !== perfetto || message.data !== 'PONG') return;
            clearInterval(ping);
            window.removeEventListener('message', ready);
            page.postMessage({ perfetto: { buffer, title: button.dataset.title } }, perfetto);
          });
        }
        async function capture(button) {
          button.disabled = true;
          button.textContent = 'Capturing…';
          try {
            const answer = await fetch('/traces', { method: 'POST' });
            if (answer.ok) { location.reload(); return; }
            button.textContent = await answer.text();
          } catch { button.textContent = 'The collector does not answer'; }
          setTimeout(() => { button.disabled = false; button.textContent = 'Capture now'; }, 5000);
        }
        document.addEventListener('click', event => {
          const button = event.target.closest('button');
          if (button?.dataset.action === 'perfetto') openInPerfetto(button);
          if (button?.dataset.action === 'capture') capture(button);
        });
        setInterval(async () => {
          if (document.hidden) return;
          try {
            const answer = await fetch('/');
            // A refusal, as of too many requests, is no page: what was last seen stays.
            if (!answer.ok) return;
            const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
            for (const part of ['live', 'accounts', 'recorder']) document.getElementById(part)?.replaceWith(fresh.getElementById(part));
            // Cards do not move under a reader's eyes: a link says that there are more.
            const newer = [...fresh.querySelectorAll('.card')].filter(card => !document.getElementById(card.id)).length;
            const link = document.getElementById('newer');
            if (link && newer > 0) { link.textContent = `Show ${newer} new`; link.hidden = false; }
          } catch { /* The observation has ended; what was last seen stays. */ }
        }, 5000);
        """;
}
