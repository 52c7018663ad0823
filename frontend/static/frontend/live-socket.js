// A websocket that comes back, for the elements that are live: new LiveSocket("/ws/polls/12/", { onFrame, onDrop }).
//
// onFrame(frame): what arrived. onDrop(isRefused): the connection is gone; true: for good, the server says that we may
// not watch. It rests while nobody looks at the page for long.

const FIRST_DELAY = 1000; // milliseconds; with jitter 0.5 to 1.5 times
const LONGEST_DELAY = 40000;
const STEADY_AFTER = 10000; // a connection that stood this long starts the back-off anew
const HIDDEN_FOR_LONG = 60000;

export class LiveSocket {
  constructor(path, { onFrame, onDrop = () => {} }) {
    this.address = new URL(path, location.href);
    this.address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.onFrame = onFrame;
    this.onDrop = onDrop;
    this.attempts = 0;
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    document.addEventListener("visibilitychange", () => this.onVisibility(), { signal });
    window.addEventListener("online", () => this.connect(), { signal });
    window.addEventListener("pagehide", () => this.disconnect(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && this.connect(), { signal });
    this.connect();
  }

  stop() {
    this.listeners.abort();
    clearTimeout(this.hiding);
    this.disconnect();
  }

  connect() {
    clearTimeout(this.retrying);
    if (this.socket) return;
    const socket = new WebSocket(this.address);
    this.socket = socket;
    let openedAt = 0;
    let wasLetIn = false;
    socket.onopen = () => (openedAt = Date.now());
    socket.onmessage = (event) => {
      wasLetIn = true;
      this.onFrame(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      if (this.socket !== socket) return; // we closed it ourselves
      this.socket = null;
      // Who is let go while watching asks once more: the session may only have been renewed, as with a new password.
      const isRefused = event.code >= 4400 && event.code < 4500 && !wasLetIn;
      this.onDrop(isRefused);
      if (isRefused) return;
      if (openedAt && Date.now() - openedAt > STEADY_AFTER) this.attempts = 0;
      this.connectLater();
    };
  }

  connectLater() {
    const delay = Math.min(FIRST_DELAY * 2 ** this.attempts, LONGEST_DELAY) * (0.5 + Math.random());
    this.attempts += 1;
    this.retrying = setTimeout(() => this.connect(), delay);
  }

  disconnect() {
    clearTimeout(this.retrying);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  onVisibility() {
    clearTimeout(this.hiding);
    if (document.hidden) this.hiding = setTimeout(() => this.disconnect(), HIDDEN_FOR_LONG);
    else this.connect();
  }
}
