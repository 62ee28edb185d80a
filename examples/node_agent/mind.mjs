// A rover's mind in plain Node, without any package: it bids for what its rover can do, drives there and works.
//   node mind.mjs 7801
//   moonfleet run ../../scenarios/smoke.yaml --agent micro-1=tcp://127.0.0.1:7801
import { decode, encode } from "./msgpack.mjs";
import { listen } from "./zmtp.mjs";

const VERSION = 1;
const AGAIN_S = 120; // Seconds after which a way is looked for again that could not be had.

/** One rover's mind. `ask` puts a question to the rover's planner and waits for its answer. */
class Mind {
  constructor(told, ask) {
    this.ask = ask;
    this.rover = told.rover;
    this.vehicle = told.roster.find((entry) => entry.rover === told.rover).vehicle;
    this.coordinator = told.coordinator;
    this.again = Math.ceil(AGAIN_S / told.dt);
    this.secondsPerTick = told.dt;
    this.failed = new Map(); // Task -> how often there was no way to it.
    this.retry = null;
  }

  async decide(view) {
    const outbox = [];
    for (const { sender, body } of view.inbox) {
      if (body.type === "Announcement") outbox.push({ to: sender, body: await this.bids(body, view) });
    }
    const decision = view.tasks.length ? await this.work(view) : { command: null, wake: null };
    return { ...decision, outbox: [...outbox, ...(decision.outbox ?? [])] };
  }

  /** A price for each task that this vehicle can do: seconds to drive there, from what is to be done before, and to work. */
  async bids(announcement, view) {
    const bids = [];
    for (const task of announcement.tasks) {
      if (!task.steps.every((step) => this.vehicle.capabilities.includes(step.capability))) continue;
      if (task.steps.some((step) => step.loads > this.vehicle.payload)) continue;
      let cost = 0, here = [view.observation.pose.x, view.observation.pose.y];
      for (const step of [...view.tasks.flatMap((own) => own.steps), ...task.steps]) {
        const { costs } = await this.ask({ type: "find-costs", start: here, goals: [step.place] });
        cost = costs[0] === null ? Infinity : cost + costs[0][0] + step.work * this.secondsPerTick;
        here = step.place;
      }
      if (Number.isFinite(cost)) bids.push({ task: task.id, cost });
    }
    return { type: "Bids", round: announcement.round, bids };
  }

  async work(view) {
    const task = view.tasks[0], step = task.steps[view.steps[0]];
    const { pose, activity, events } = view.observation, here = [pose.x, pose.y];
    if (activity === "working") return { command: null, wake: null };
    if (Math.hypot(here[0] - step.place[0], here[1] - step.place[1]) <= step.radius) {
      const stopped = events.find((event) => event.type === "WorkStopped" && event.task === task.id);
      return stopped ? this.later(view, task, stopped.reason) : { command: { type: "Work", task: task.id }, wake: null };
    }
    const refused = view.travel.refused.length || view.travel.closed.length;
    if (view.travel.path.length && !refused && activity === "driving") return { command: null, wake: null };
    if (view.travel.path.length && !refused && view.travel.granted < view.travel.path.length - 1) {
      return { command: null, wake: null }; // It waits for ground that others have.
    }
    if (this.retry !== null && view.observation.tick < this.retry) return { command: null, wake: this.retry };
    const way = await this.ask({ type: "find-way", start: here, goal: step.place, avoid: view.travel.refused });
    if (way.reason) return this.later(view, task, way.reason);
    this.retry = null;
    return { command: { type: "FollowPath", path: way.path }, wake: null };
  }

  /** Try again in a while; the third time give the task back, so that others may have it. */
  later(view, task, reason) {
    const times = (this.failed.get(task.id) ?? 0) + 1;
    this.failed.set(task.id, times);
    this.retry = view.observation.tick + this.again;
    if (times < 3) return { command: null, wake: this.retry };
    this.failed.delete(task.id);
    const body = { type: "TaskReport", task: task.id, state: "returned", reason };
    return { command: { type: "Stop" }, wake: null, outbox: [{ to: this.coordinator, body }] };
  }
}

/** What hears one node: the first message says who the mind is; then it is asked, and asks, in turn. */
function open(say) {
  let mind = null, answered = null;
  const send = (message) => say(encode(message));
  const ask = (question) => new Promise((done) => { answered = done; send(question); });
  return (data) => {
    const message = decode(data);
    if (message.type === "introduce") {
      const fault = message.version === VERSION ? "" : `it speaks version ${VERSION}`;
      mind = new Mind(message, ask);
      send({ type: "introduced", version: VERSION, fault });
    } else if (message.type === "consider") {
      mind.decide(message).then(
        (decision) => send({ type: "decide", number: message.number, ...decision }),
        (error) => send({ type: "decide", number: message.number, fault: String(error) }),
      );
    } else {
      const done = answered;
      answered = null;
      done?.(message);
    }
  };
}

const port = Number(process.argv[2] ?? 7801);
const server = listen("127.0.0.1", port, open);
server.on("listening", () => console.log(`listening at tcp://127.0.0.1:${server.address().port}`));
server.on("error", (error) => { console.error(error.message); process.exit(2); });
