// Loaded by `node --import` into every child of `mycloud up`: the child ends when its parent ends, also when that was killed by SIGKILL and
// could tell nobody. The IPC channel between them is the tether: the kernel closes it with the parent. Works on every system, needs no
// cooperation from the program itself, and its own children (plugins) do not inherit it.
const channel = process.channel;
if (channel) {
  process.once("disconnect", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 4000).unref();
  });
  // Listening must not keep a program alive that is done.
  channel.unref();
}
