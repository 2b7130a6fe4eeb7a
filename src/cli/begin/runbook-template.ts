/** A first runbook: small, commented, harmless, and complete enough to be run as it is. */
export function buildRunbookTemplate(title: string): string {
  return `---
handrail: 1
title: ${JSON.stringify(title)}
summary: One sentence for the list of runbooks.
params:
  greeting: { type: string, default: hello, help: What is written on each host }
---

# ${title}
<!-- handrail on=all -->

Say here why somebody would do this, what can go wrong, and how long it takes. A fence without a verb, like this one, is documentation and never runs:

\`\`\`sh
uptime
\`\`\`

## Before

### Every host answers
<!-- handrail id=before.answers -->

A step without an action only looks. \`check\` passes when the program ends with 0.

\`\`\`sh check
uname -s
\`\`\`

## Change

### Leave a note
<!-- handrail id=change.note takes=1s..5s -->

The check is looked at first: where it holds already, nothing is done. Then the action, then the check again. \`undo\` is offered when a person wants to go back.

\`\`\`sh check
test "$(cat "$HOME/handrail-note" 2> /dev/null)" = {{ greeting }}
\`\`\`

\`\`\`sh run
printf '%s\\n' {{ greeting }} > "$HOME/handrail-note"
\`\`\`

\`\`\`sh undo
rm -f "$HOME/handrail-note"
\`\`\`

## After

### Look at it yourself
<!-- handrail id=after.look on=local -->

What a person does or decides is a checklist; it is ticked with a name and the time.

- [ ] Somebody was told
`
}
