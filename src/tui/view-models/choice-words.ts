import type { Choice, Question } from '../../core/run/question.ts'

/** A choice as people read it: what it is called, and what it costs. */
export type ChoiceWords = { readonly label: string; readonly cost: string; readonly isRisky?: true }

/** The words of a choice of this question. */
export function formatChoice(choice: Choice, question: Pick<Question, 'kind'>): ChoiceWords {
  return SPECIAL[question.kind]?.[choice] ?? WORDS[choice]
}

/** A cost has room for 50 characters beside its label on a screen of 80. */
const WORDS: { readonly [choice in Choice]: ChoiceWords } = {
  go: { label: 'Go on', cost: 'runs what is shown' },
  retry: { label: 'Run again', cost: 'a new try; what the last one changed is there' },
  recheck: { label: 'Check again', cost: 'only reads; changes nothing' },
  accept: { label: 'Accept as it is', cost: 'counts as done; a deviation in the report' },
  skip: { label: 'Skip here', cost: 'not done here; a deviation in the report' },
  defer: { label: 'Later', cost: 'asked again before the run ends' },
  exclude: { label: 'Leave this host out', cost: 'no step touches this host any more' },
  undo: { label: 'Undo', cost: "runs the step's own way back" },
  abort: { label: 'Abort the run', cost: 'starts nothing more; settles what runs' },
  wait: { label: 'Wait on', cost: 'the job runs on; asked again later' },
  cancel: { label: 'End it', cost: 'the command on the host gets TERM, then KILL' },
  tick: { label: 'Done', cost: 'recorded with your name and what you write' },
}

const SPECIAL: { readonly [kind in Question['kind']]?: { readonly [choice in Choice]?: ChoiceWords } } = {
  plan: {
    go: { label: 'Start the run', cost: 'begins with the first step; each change asks' },
    abort: { label: 'Throw the plan away', cost: 'nothing has run; the run ends here' },
  },
  unknown: {
    recheck: { label: 'Look again', cost: 'only reads; may find out how it ended' },
    retry: { label: 'Run again', cost: 'IF IT RAN, IT THEN RAN TWICE', isRisky: true },
    accept: { label: 'It ran: accept', cost: 'you know that it ran; a deviation' },
    skip: { label: 'Skip here', cost: 'it may have run all the same; a deviation' },
  },
  unreachable: {
    retry: { label: 'Connect again', cost: 'nothing has run here yet in this try' },
  },
  locked: {
    go: { label: 'Run all the same', cost: 'two runs may change the same host', isRisky: true },
    retry: { label: 'Look again', cost: 'the other run may have let go' },
  },
  inconclusive: {
    retry: { label: 'Run again', cost: 'a new try; its checks decide' },
  },
  manual: {
    accept: { label: 'Go on without it', cost: 'a deviation; its check still decides the step' },
  },
  deferred: {
    retry: { label: 'Do it now', cost: 'runs the step on this host' },
  },
  stale: {
    recheck: { label: 'Check again', cost: 'only reads; still good means done' },
    retry: { label: 'Do it again', cost: 'runs the step again on this host' },
    accept: { label: 'Keep as it is', cost: 'counts as done; a deviation in the report' },
  },
  'changed-file': {
    go: { label: 'Write over it', cost: 'the file is changed as the new diff shows' },
    skip: { label: 'Leave the file', cost: 'a deviation in the report' },
  },
  'undo-all': {
    undo: { label: 'Undo what can be', cost: 'each step by its own way back, last first' },
    go: { label: 'Leave it as it is', cost: 'nothing more runs; the report lists changes' },
  },
}

/** Whether a text must be typed for this choice: the word, a reason, evidence. */
export function selectTextKind(
  choice: Choice,
  question: Question,
): 'word' | 'reason' | 'evidence' | undefined {
  if (choice === 'go' && question.word !== undefined) return 'word'
  if (choice === 'go' && question.outsideWindow === true) return 'reason'
  if (choice === 'accept' || choice === 'skip' || choice === 'defer' || choice === 'exclude') return 'reason'
  if (choice === 'abort' && question.kind !== 'plan') return 'reason'
  return choice === 'tick' ? 'evidence' : undefined
}
