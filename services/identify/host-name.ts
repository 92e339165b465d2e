/** Last labels that make a dotted word a host name. `SIP.js`, `TAU-8.IP` and versions are none. */
const TOP_LEVEL = new Set(
  `com net org edu gov mil int info biz name pro arpa local localdomain lan home internal intranet corp private invalid
   test example cloud app dev io tech online site shop store xyz top voip tel telecom network systems solutions services
   company group ltd gmbh berlin hamburg bayern london paris nyc tokyo wien swiss eu asia africa mobi
   ac ad ae af ag ai al am ao ar at au az ba bb bd be bf bg bh bi bj bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm
   cn co cr cu cv cw cy cz de dj dk dm do dz ec ee eg er es et fi fj fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr
   gt gu gw gy hk hn hr ht hu id ie il im in iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr
   ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz
   om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv
   sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw`.split(
    /\s+/,
  ),
);

/** Names that operating systems make up from their owner or at random. */
const MACHINE =
  /(?:^|[^a-z0-9])(?:(?:desktop|laptop|win)-[a-z0-9]{5,}|localhost|ip-[0-9]+-[0-9]+|[a-z0-9]+-(?:pc|macbook|laptop|notebook|imac|iphone|ipad)(?![a-z0-9]))/i;

/** Three labels and more, with other marks where the dots were. */
const UNDOTTED =
  /(?:^|[^a-z0-9])[a-z0-9]+[ ._-]+[a-z0-9]+(?:[ ._-]+[a-z0-9]+){0,6}[ ._-]+(?:com|net|org|edu|gov|local|localdomain|lan|internal|intranet|corp|arpa)(?![a-z0-9])/i;

/** What every such name ends with: most texts have none of it. */
const ENDING = /(?:com|net|org|edu|gov|local|localdomain|lan|internal|intranet|corp|arpa)(?![a-z0-9])/i;

/** Dotted words that end in a top-level domain, or have three labels and more of which the last are words. */
export function hasHostName(text: string): boolean {
  if (MACHINE.test(text) || (ENDING.test(text) && UNDOTTED.test(text))) return true;
  if (!text.includes('.')) return false;
  for (const word of text.split(/[^a-z0-9.-]+/i)) {
    if (!word.includes('.')) continue;
    const labels = word.toLowerCase().split('.').filter(Boolean);
    if (labels.length < 2 || !labels.some((label) => /[a-z]/.test(label))) continue;
    const last = labels[labels.length - 1]!;
    if (
      TOP_LEVEL.has(last) &&
      (labels.length === 2 || labels.some((label, i) => label.length > 1 && i < labels.length - 1))
    )
      return true;
    if (labels.length >= 3 && /^[a-z]{2,}$/.test(last) && /[a-z]{2}/.test(labels[labels.length - 2]!)) return true;
  }
  return false;
}
