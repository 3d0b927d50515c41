"""A file system in memory that knows what a power cut would leave. It knows nothing of Atelier.

Bytes are safe once their file was flushed, names once their folder was; `flush_all` is syncfs, which
FUSE does not pass on, so that a preloaded library calls it through the file CONTROL.
"""
import errno
import os
import stat
import time

from fuse import FuseOSError, Operations

CONTROL = "/.flush-all"


class Node:
    def __init__(self, number, mode):
        self.number = number
        self.mode = mode
        self.times = (time.time_ns(), time.time_ns())
        self.links = 1
        self.bytes = bytearray()
        self.names = {}
        self.safe_bytes = None  # None: never flushed
        self.safe_names = {}

    @property
    def is_folder(self):
        return stat.S_ISDIR(self.mode)

    def flush(self):
        if self.is_folder:
            self.safe_names = dict(self.names)
        else:
            self.safe_bytes = bytes(self.bytes)


class FlushableFS(Operations):
    """`changed` is called after each write, rename, flush and other change, with its name."""

    use_ns = True

    def __init__(self, changed):
        self.changed = changed
        self.last = 1
        self.root = Node(1, stat.S_IFDIR | 0o755)
        self.nodes = {1: self.root}
        self.open_nodes = {}
        self.handle = 0

    # Nodes

    def find(self, path):
        node = self.root
        for name in path.split("/")[1:] if path != "/" else []:
            if not node.is_folder:
                raise FuseOSError(errno.ENOTDIR)
            if name not in node.names:
                raise FuseOSError(errno.ENOENT)
            node = node.names[name]
        return node

    def parent(self, path):
        folder, name = path.rsplit("/", 1)
        return self.find(folder or "/"), name

    def add(self, path, mode):
        folder, name = self.parent(path)
        if name in folder.names:
            raise FuseOSError(errno.EEXIST)
        self.last += 1
        node = Node(self.last, mode)
        folder.names[name] = node
        self.nodes[node.number] = node
        return node

    def flush_all(self):
        reachable, waiting = [], [self.root]
        while waiting:
            node = waiting.pop()
            reachable.append(node)
            waiting += node.names.values()
        for node in reachable:
            node.flush()

    def opened(self, node):
        self.handle += 1
        self.open_nodes[self.handle] = node
        return self.handle

    # Reading

    def getattr(self, path, fh=None):
        if path == CONTROL:
            return {"st_mode": stat.S_IFREG | 0o666, "st_nlink": 1, "st_size": 0, "st_ino": 2**40}
        node = self.open_nodes[fh] if fh in self.open_nodes else self.find(path)
        return {
            "st_ino": node.number, "st_mode": node.mode, "st_nlink": node.links,
            "st_size": len(node.bytes), "st_uid": os.getuid(), "st_gid": os.getgid(),
            "st_atime": node.times[0], "st_mtime": node.times[1], "st_ctime": node.times[1],
        }

    def readdir(self, path, fh):
        return [".", ".."] + list(self.find(path).names)

    def readlink(self, path):
        return self.find(path).bytes.decode()

    def open(self, path, flags):
        if path == CONTROL:
            return 0
        node = self.find(path)
        if flags & os.O_TRUNC and node.bytes:
            self.truncate(path, 0)
        return self.opened(node)

    def read(self, path, size, offset, fh):
        return bytes(self.open_nodes[fh].bytes[offset:offset + size])

    def release(self, path, fh):
        self.open_nodes.pop(fh, None)

    def statfs(self, path):
        return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 1 << 20, "f_bfree": 1 << 20,
                "f_bavail": 1 << 20, "f_files": 1 << 20, "f_ffree": 1 << 20, "f_namemax": 255}

    # Changing

    def create(self, path, mode, fi=None):
        node = self.add(path, stat.S_IFREG | mode & 0o7777)
        self.changed("create " + path)
        return self.opened(node)

    def write(self, path, data, offset, fh):
        node = self.open_nodes[fh]
        if offset > len(node.bytes):
            node.bytes.extend(bytes(offset - len(node.bytes)))
        node.bytes[offset:offset + len(data)] = data
        node.times = (node.times[0], time.time_ns())
        self.changed("write " + path)
        return len(data)

    def truncate(self, path, length, fh=None):
        node = self.open_nodes[fh] if fh in self.open_nodes else self.find(path)
        del node.bytes[length:]
        node.bytes.extend(bytes(length - len(node.bytes)))
        node.times = (node.times[0], time.time_ns())
        self.changed("truncate " + path)

    def mkdir(self, path, mode):
        self.add(path, stat.S_IFDIR | mode & 0o7777)
        self.changed("mkdir " + path)

    def symlink(self, path, target):
        node = self.add(path, stat.S_IFLNK | 0o777)
        node.bytes = bytearray(target.encode())
        node.safe_bytes = bytes(node.bytes)
        self.changed("symlink " + path)

    def link(self, path, target):
        node = self.find(target)
        folder, name = self.parent(path)
        if name in folder.names:
            raise FuseOSError(errno.EEXIST)
        folder.names[name] = node
        node.links += 1
        self.changed("link " + path)

    def rename(self, old, new):
        source, source_name = self.parent(old)
        target, target_name = self.parent(new)
        if source_name not in source.names:
            raise FuseOSError(errno.ENOENT)
        node = source.names[source_name]
        replaced = target.names.get(target_name)
        if replaced is node:
            return
        if replaced is not None:
            if replaced.is_folder != node.is_folder:
                raise FuseOSError(errno.EISDIR if replaced.is_folder else errno.ENOTDIR)
            if replaced.names:
                raise FuseOSError(errno.ENOTEMPTY)
            replaced.links -= 1
        del source.names[source_name]
        target.names[target_name] = node
        self.changed("rename %s %s" % (old, new))

    def unlink(self, path):
        folder, name = self.parent(path)
        self.find(path).links -= 1
        del folder.names[name]
        self.changed("unlink " + path)

    def rmdir(self, path):
        folder, name = self.parent(path)
        if self.find(path).names:
            raise FuseOSError(errno.ENOTEMPTY)
        del folder.names[name]
        self.changed("rmdir " + path)

    def chmod(self, path, mode):
        node = self.find(path)
        node.mode = stat.S_IFMT(node.mode) | mode & 0o7777

    def chown(self, path, uid, gid):
        pass

    def utimens(self, path, times=None):
        self.find(path).times = times or (time.time_ns(), time.time_ns())

    def fsync(self, path, datasync, fh):
        if path == CONTROL:
            self.flush_all()
            self.changed("syncfs")
        else:
            self.open_nodes[fh].flush()
            self.changed("fsync " + path)

    def fsyncdir(self, path, datasync, fh):
        self.find(path).flush()
        self.changed("fsyncdir " + path)

    # After a cut

    def image(self, keeps_names):
        """What a cut leaves: path -> (mode, times, bytes or target; None for a folder).

        Names that were not flushed are gone, or, with `keeps_names`, there without their bytes.
        """
        found = {}

        def walk(node, path):
            for name, child in (node.names if keeps_names else node.safe_names).items():
                content = None if child.is_folder else child.safe_bytes or b""
                found[path + name] = (child.mode, child.times, content)
                if child.is_folder:
                    walk(child, path + name + "/")

        walk(self.root, "")
        return found
