// A web app as they are: somebody signs in, friends ring, a service worker notifies, WebRTC talks.
"use strict";
const $ = (id) => document.getElementById(id);
const shown = (id, is) => { $(id).hidden = !is; };
let me = null, call = null, worker = null;

async function arrive() {
  const answer = await fetch("/me");
  me = answer.ok ? await answer.json() : null;
  shown("sign-in", !me);
  shown("home", me);
  if (me) home();
  else signInByAddress();
}

function signInByAddress() {
  const asked = new URLSearchParams(location.search);
  if (asked.has("name")) signIn(asked.get("name"), asked.get("password"));
}

async function signIn(name, password) {
  const answer = await fetch("/sign-in?" + new URLSearchParams({name, password}));
  if (answer.ok) arrive();
}

function home() {
  $("me").textContent = me.name;
  $("friends").replaceChildren(...me.friends.map((friend) => {
    const item = document.createElement("li"), button = document.createElement("button");
    item.dataset.contact = friend;
    button.textContent = "Call " + friend;
    button.onclick = () => dial(friend);
    button.dataset.contact = friend;
    item.append(button);
    return item;
  }));
  const events = new EventSource("/events");
  events.onmessage = ({data}) => take(JSON.parse(data));
}

const say = (to, kind, sdp = "") => fetch("/say?" + new URLSearchParams({to, kind, sdp}));

async function take({from, kind, sdp}) {
  if (kind === "expired") { await say("", "leaving"); location.reload(); }
  else if (kind === "offer" && call) say(from, "busy");
  else if (kind === "offer") ring(from, sdp);
  else if (!call || from !== call.peer) return;
  else if (kind === "answer") await call.connection.setRemoteDescription({type: "answer", sdp});
  else over();
}

async function connection() {
  const [port, username, credential] = me.relay;
  const made = new RTCPeerConnection({
    iceTransportPolicy: "relay",
    iceServers: [{urls: `turn:${location.hostname}:${port}?transport=tcp`, username, credential}],
  });
  made.ontrack = ({streams}) => {
    const sound = new Audio();
    sound.srcObject = streams[0];
    sound.play();
    call.sound = sound;
  };
  made.onconnectionstatechange = () => say("", made.connectionState);
  const microphone = await navigator.mediaDevices.getUserMedia({audio: true});
  microphone.getTracks().forEach((track) => made.addTrack(track, microphone));
  call.microphone = microphone;
  return made;
}

async function complete(made) {  // every candidate stands in the description
  while (made.iceGatheringState !== "complete")
    await new Promise((resolve) => made.addEventListener("icegatheringstatechange", resolve, {once: true}));
  return made.localDescription.sdp;
}

async function dial(peer) {
  if (call) return;
  call = {peer};
  shown("hang-up", true);
  call.connection = await connection();
  await call.connection.setLocalDescription();
  say(peer, "offer", await complete(call.connection));
}

async function ring(peer, sdp) {
  call = {peer, sdp, tone: new AudioContext()};
  const tone = call.tone.createOscillator();  // who has not answered yet must not hear it on the phone
  tone.frequency.value = 1234;
  tone.connect(call.tone.destination);
  tone.start();
  $("caller").textContent = peer;
  shown("ringing", true);
  await worker.showNotification(peer, {
    body: "Incoming audio call", requireInteraction: true, tag: "call",
    actions: [{action: "accept", title: "Accept"}, {action: "decline", title: "Decline"}],
  });
}

async function accept() {
  if (!call || !call.sdp || call.connection) return;
  stopRinging();
  shown("hang-up", true);
  call.connection = await connection();
  await call.connection.setRemoteDescription({type: "offer", sdp: call.sdp});
  await call.connection.setLocalDescription();
  say(call.peer, "answer", await complete(call.connection));
}

async function stopRinging() {
  shown("ringing", false);
  if (call && call.tone) { call.tone.close(); call.tone = null; }
  for (const one of await worker.getNotifications()) one.close();
}

function hangUp() {
  if (!call) return;
  say(call.peer, call.connection ? "bye" : "declined");
  over();
}

function over() {
  stopRinging();
  shown("hang-up", false);
  if (call.microphone) call.microphone.getTracks().forEach((track) => track.stop());
  if (call.connection) call.connection.close();
  if (call.sound) call.sound.srcObject = null;
  call = null;
}

$("sign-in").onsubmit = () => { signIn($("name").value, $("password").value); return false; };
$("accept").onclick = accept;
$("decline").onclick = $("hang-up").onclick = hangUp;
navigator.serviceWorker.onmessage = ({data}) => data === "decline" ? hangUp() : accept();
navigator.serviceWorker.register("/worker.js").then(async () => {
  worker = await navigator.serviceWorker.ready;
  arrive();
});
