import type { ClusterModel } from '../cluster/create-cluster.ts'
import type { Program, ProgramTable } from '../program.ts'
import { addAccountProgram, getentProgram } from './account-programs.ts'
import { cassandraProgram } from './cassandra.ts'
import { cqlshProgram } from './cqlsh.ts'
import { PROGRAM_STORE } from './installation.ts'
import { keytoolProgram } from './keytool.ts'
import { ipProgram, ssProgram } from './network-programs.ts'
import { nodetoolProgram } from './nodetool.ts'
import { javaProgram, pythonProgram } from './runtime-programs.ts'
import { systemctlProgram } from './systemctl.ts'
import {
  jpsProgram,
  opensslProgram,
  swapoffProgram,
  swaponProgram,
  sysctlProgram,
} from './system-programs.ts'
import { tarProgram } from './tar.ts'
import { chronycProgram, timedatectlProgram } from './time-programs.ts'

/**
 * The programs of a host of the cluster. Those that a person has to install first (Cassandra, Java, Python)
 * lie in a store off the PATH; `provisionClusterHost` and `tar` put them where they belong.
 */
export function clusterPrograms(cluster: ClusterModel): ProgramTable {
  return new Map<string, Program>([
    [`${PROGRAM_STORE}/cassandra`, cassandraProgram(cluster)],
    [`${PROGRAM_STORE}/nodetool`, nodetoolProgram(cluster)],
    [`${PROGRAM_STORE}/cqlsh`, cqlshProgram(cluster)],
    [`${PROGRAM_STORE}/java`, javaProgram()],
    [`${PROGRAM_STORE}/python2.7`, pythonProgram('2.7.18')],
    [`${PROGRAM_STORE}/python3`, pythonProgram('3.9.18')],
    [`${PROGRAM_STORE}/jps`, jpsProgram()],
    [`${PROGRAM_STORE}/keytool`, keytoolProgram()],
    ['systemctl', systemctlProgram(cluster)],
    ['timedatectl', timedatectlProgram(cluster)],
    ['chronyc', chronycProgram(cluster)],
    ['ss', ssProgram(cluster)],
    ['ip', ipProgram()],
    ['openssl', opensslProgram()],
    ['swapoff', swapoffProgram()],
    ['swapon', swaponProgram()],
    ['sysctl', sysctlProgram()],
    ['tar', tarProgram()],
    ['getent', getentProgram()],
    ['useradd', addAccountProgram('user')],
    ['groupadd', addAccountProgram('group')],
  ])
}
