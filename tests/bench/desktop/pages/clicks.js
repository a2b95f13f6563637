// While a call lasts and the server says so: a click twice a second, and the server hears when.
"use strict";
const sounding = new AudioContext({latencyHint: "interactive"});
const click = sounding.createBuffer(1, sounding.sampleRate / 100, sounding.sampleRate);
click.getChannelData(0).forEach((_, at, samples) => {
  samples[at] = 0.5 * Math.sign(Math.sin(2 * Math.PI * 1000 * at / sounding.sampleRate));
});

setInterval(async () => {
  if (!call || !call.sound || await (await fetch("/clicking")).text() !== "yes") return;
  const source = new AudioBufferSourceNode(sounding, {buffer: click});
  source.connect(sounding.destination);
  source.start();
  fetch("/clicked?at=" + (performance.timeOrigin + performance.now()) / 1000);
}, 500);
