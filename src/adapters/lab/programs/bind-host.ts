import type { ClusterModel } from '../cluster/create-cluster.ts'
import type { ClusterFiles, HostBinding } from '../cluster/world.ts'
import type { LabFs, LabHostHandle, LabService } from '../program.ts'

/** Gives the cluster a host's files (with the rights of the daemon's user), processes, ports and network. */
export function bindHost(cluster: ClusterModel, host: { handle: LabHostHandle; fs: LabFs }): void {
  cluster.bind(host.handle.name, createBinding(host.handle, host.fs))
}

function createBinding(handle: LabHostHandle, fs: LabFs): HostBinding {
  return {
    files: createFiles(fs),
    startProcess: ({ user, command, onEnd }) =>
      handle.startProcess({ user, command, onEnd: (cause) => onEnd(cause.kind !== 'exit') }).pid,
    endProcess: (pid) => handle.endProcess(pid),
    listen: (port) => handle.listen(port, SILENT_SERVICE),
    unlisten: (port) => handle.unlisten(port),
    reaches: (to) => handle.network.reaches(handle.name, to),
  }
}

/** Takes connections and says nothing: enough for a port probe. */
const SILENT_SERVICE: LabService = {
  kind: 'stream',
  connect: (stream) => {
    stream.on('error', () => stream.destroy())
    stream.resume()
  },
}

function createFiles(fs: LabFs): ClusterFiles {
  return {
    read: (path) => {
      const read = fs.readFile(path)
      return read.ok ? read.value : undefined
    },
    write: (path, text, options) => {
      fs.mkdir(path.slice(0, path.lastIndexOf('/')), { parents: true })
      return fs.writeFile(path, text, { append: options?.append ?? false }).ok
    },
    exists: (path) => fs.exists(path),
    list: (path) => {
      const listed = fs.list(path)
      return listed.ok ? listed.value : []
    },
    remove: (path) => void fs.remove(path, { recursive: true }),
  }
}
