// ZMTP 3.0 over TCP, the side that listens: mechanism NULL, messages of one frame. https://rfc.zeromq.org/spec/23/
// Whoever uses a ZeroMQ library needs nothing of this: a ROUTER that is bound does the same.
import net from "node:net";

const LARGEST = 64 * 1024 * 1024;
const MORE = 1, LONG = 2, COMMAND = 4;

/**
 * Listen for nodes. For each that connects, `open(say)` is called and returns what hears it: a function of one message
 * (a Buffer). `say` sends a message back.
 */
export function listen(host, port, open) {
  const server = net.createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    serve(socket, open).catch((error) => {
      console.error(`a node was cut off: ${error.message}`);
      socket.destroy();
    });
  });
  server.listen(port, host);
  return server;
}

async function serve(socket, open) {
  const take = reader(socket);
  socket.write(greeting());
  const theirs = await take(64);
  if (theirs === null) return;
  if (theirs[0] !== 0xff || theirs[9] !== 0x7f || theirs[10] < 3) throw new Error("it speaks no ZMTP 3");
  if (theirs.toString("latin1", 12, 32).replace(/\0+$/, "") !== "NULL") throw new Error("it is locked");
  socket.write(frame(COMMAND, Buffer.concat([Buffer.from("\x05READY"), property("Socket-Type", "ROUTER")])));
  let hear = null;
  for (;;) {
    const head = await take(1);
    if (head === null) return; // It hung up.
    const flags = head[0];
    const size = flags & LONG ? Number((await take(8)).readBigUInt64BE(0)) : (await take(1))[0];
    if (size > LARGEST) throw new Error(`it wants to send ${size} bytes`);
    const body = await take(size);
    if (flags & COMMAND) {
      if (body.toString("latin1", 1, 6) === "READY") hear ??= open((data) => socket.write(frame(0, data)));
    } else if (hear === null || flags & MORE) throw new Error("it sent what nobody can take");
    else hear(body);
  }
}

function greeting() {
  const data = Buffer.alloc(64);
  data[0] = 0xff;
  data[9] = 0x7f;
  data[10] = 3; // Version 3.0,
  data.write("NULL", 12, "latin1"); // and no encryption.
  return data;
}

function property(name, value) {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(value.length);
  return Buffer.concat([Buffer.of(name.length), Buffer.from(name), size, Buffer.from(value)]);
}

function frame(flags, body) {
  if (body.length < 256) return Buffer.concat([Buffer.of(flags, body.length), body]);
  const head = Buffer.alloc(9);
  head[0] = flags | LONG;
  head.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([head, body]);
}

/** Return a function that waits for so many bytes of a stream; null when it ended before the first. */
function reader(socket) {
  let held = [], size = 0, wanted = null, ended = false;
  const look = () => {
    if (wanted === null || (size < wanted.count && !ended)) return;
    const { count, done, fail } = wanted;
    wanted = null;
    if (size < count) {
      if (size === 0) done(null);
      else fail(new Error("cut short"));
      return;
    }
    const all = held.length === 1 ? held[0] : Buffer.concat(held, size);
    held = all.length > count ? [all.subarray(count)] : [];
    size -= count;
    done(all.subarray(0, count));
  };
  socket.on("data", (data) => { held.push(data); size += data.length; look(); });
  socket.on("close", () => { ended = true; look(); });
  return (count) => new Promise((done, fail) => { wanted = { count, done, fail }; look(); });
}
