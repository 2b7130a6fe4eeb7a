import { hasErrors } from '../../core/base/diagnostic.ts'
import type { Digest } from '../../core/base/ids.ts'
import { createMasker } from '../../core/base/masker.ts'
import { applyEdit, EDIT_LANGUAGES, type EditLanguage } from '../../core/edit/apply-edit.ts'
import { formatUnifiedDiff } from '../../core/edit/format-unified-diff.ts'
import { secretNames } from '../../core/expr/rendered-text.ts'
import type { ActionWork } from '../../core/plan/model.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { EngineContext } from '../context.ts'
import { fillText } from '../step/fill-command.ts'
import { readRemoteFile, type RemoteFile } from './read-remote-file.ts'
import type { HostName } from '../../core/base/ids.ts'

/** What an `edit` or `file` would do now. */
export type FileChange =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'change'
      readonly path: string
      readonly after: string
      readonly beforeDigest: Digest | undefined
      readonly afterDigest: Digest
      /** Unified diff, secrets masked by value. */
      readonly diff: string
      readonly holdsSecret: boolean
    }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Reads the file and computes the change; touches nothing. */
export async function planFileChange(
  context: EngineContext,
  host: HostName,
  action: ActionWork,
): Promise<FileChange> {
  const file = action.file!
  const wanted = await fillText(context, action.command.body)
  if (!wanted.ok) return { kind: 'failed', failure: wanted.failure }
  const target = { host, as: action.command.as, timeoutMs: action.timeoutMs, reconnectMs: action.reconnectMs }
  const read = await readRemoteFile(context, target, file.path)
  if (!read.ok) return { kind: 'failed', failure: read.failure }
  const before = read.file?.text
  const edited = computeText(action, before, wanted.value.text)
  if (!edited.ok) return { kind: 'failed', failure: { kind: 'edit', path: file.path, reason: edited.reason } }
  if (before === edited.text && isModeAsWanted(action, read.file)) return { kind: 'unchanged' }
  const masker = createMasker(context.secrets.known())
  return {
    kind: 'change',
    path: file.path,
    after: edited.text,
    beforeDigest: before === undefined ? undefined : context.hash(before),
    afterDigest: context.hash(edited.text),
    diff: masker.mask(formatUnifiedDiff(file.path, before, edited.text)),
    holdsSecret: secretNames(action.command.body).length > 0,
  }
}

type Computed = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string }

function computeText(action: ActionWork, before: string | undefined, wanted: string): Computed {
  const { path, editLanguage } = action.file!
  if (editLanguage === undefined) return { ok: true, text: wanted }
  const language = EDIT_LANGUAGES.find((each) => each === editLanguage) as EditLanguage | undefined
  if (language === undefined) return { ok: false, reason: `${editLanguage} files cannot be edited` }
  const { value, diagnostics } = applyEdit({ language, path, current: before, wanted })
  if (!hasErrors(diagnostics)) return { ok: true, text: value.text }
  return {
    ok: false,
    reason: diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'it cannot be edited',
  }
}

function isModeAsWanted({ file }: ActionWork, found: RemoteFile | undefined): boolean {
  if (found === undefined) return true
  const mode = file?.mode?.replace(/^0+(?=\d{3})/, '')
  return (
    (mode === undefined || mode === found.mode) &&
    (file?.owner ?? found.owner) === found.owner &&
    (file?.group ?? found.group) === found.group
  )
}
