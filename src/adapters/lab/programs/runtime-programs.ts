import type { Program } from '../program.ts'
import { DEFAULT_JAVA_HOME, readJavaRelease } from './find-java.ts'

/** java: `-version` goes to standard error, in the words of its vendor; nothing else is run here. */
export function javaProgram(): Program {
  return (context) => {
    const home = context.path?.replace(/\/bin\/[^/]+$/, '')
    const java = readJavaRelease(context.fs, home === undefined || home === '/usr' ? DEFAULT_JAVA_HOME : home)
    if (java === undefined) {
      context.writeError(
        'Error: could not find libjava.so\nError: Could not find Java SE Runtime Environment.\n',
      )
      return Promise.resolve(2)
    }
    if (context.args[0] === '-version' || context.args[0] === '--version') {
      const write = context.args[0] === '-version' ? context.writeError : context.write
      write.call(context, formatJavaVersion(java))
      return Promise.resolve(0)
    }
    context.writeError('Error: the practice hosts run no other Java programs\n')
    return Promise.resolve(1)
  }
}

/** python: `-V`; Python 2 prints it on standard error, Python 3 on standard output. */
export function pythonProgram(version: string): Program {
  return (context) => {
    if (context.args[0] === '-V' || context.args[0] === '--version') {
      const write = version.startsWith('2') ? context.writeError : context.write
      write.call(context, `Python ${version}\n`)
      return Promise.resolve(0)
    }
    context.writeError('python: the practice hosts run no scripts\n')
    return Promise.resolve(1)
  }
}

function formatJavaVersion(java: { version: string; vendor: string }): string {
  const isOracle = /oracle/i.test(java.vendor)
  if (isOracle) {
    return `java version "${java.version}"\nJava(TM) SE Runtime Environment (build ${java.version}-b08)\nJava HotSpot(TM) 64-Bit Server VM (build 25.202-b08, mixed mode)\n`
  }
  const build = java.version.startsWith('1.8') ? `build ${java.version}-b06` : `build ${java.version}+9`
  return `openjdk version "${java.version}"\nOpenJDK Runtime Environment (${java.vendor}) (${build})\nOpenJDK 64-Bit Server VM (${java.vendor}) (${build}, mixed mode)\n`
}
