/** The synthesizer in the page: SpessaSynth, in an audio worklet, with the soundfont that the studio serves. */

import { BasicMIDI } from "spessasynth_core";
import { Sequencer, WorkletSynthesizer } from "spessasynth_lib";
import processorUrl from "spessasynth_lib/dist/spessasynth_processor.min.js?url";
import { bytes } from "./api";

export interface Fader {
  mute: boolean;
  solo: boolean;
  /** 1 as the part is mixed. */
  volume: number;
}

interface Desk {
  context: AudioContext;
  synth: WorkletSynthesizer;
  sequencer: Sequencer;
  meter: AnalyserNode;
}

export class Player {
  #desk: Promise<Desk> | null = null;
  #ready: Desk | null = null;
  #file: ArrayBuffer | null = null;
  #loop: { start: number; end: number } | null = null;
  #rate = 1;
  #faders = new Map<number, Fader>();
  #samples = new Float32Array(2048);

  /** Called when the music is over. */
  onEnd: () => void = () => {};

  get playing(): boolean {
    return this.#ready !== null && !this.#ready.sequencer.paused && !this.#ready.sequencer.isFinished;
  }

  /** Seconds from the start, by the tempo in the file. */
  get seconds(): number {
    return this.#ready?.sequencer.currentHighResolutionTime ?? 0;
  }

  /** How loud it is at this moment: the root mean square of the last samples, 1 at full scale. */
  get level(): number {
    if (!this.#ready) return 0;
    this.#ready.meter.getFloatTimeDomainData(this.#samples);
    return Math.sqrt(this.#samples.reduce((sum, x) => sum + x * x, 0) / this.#samples.length);
  }

  /** Makes the synthesizer; a browser lets that sound only after a click or a key. */
  #open(): Promise<Desk> {
    this.#desk ??= this.#make().catch((error: unknown) => {
      this.#desk = null;
      throw error;
    });
    return this.#desk;
  }

  async #make(): Promise<Desk> {
    const context = new AudioContext({ latencyHint: "playback" });
    const [font] = await Promise.all([bytes("/soundfont"), context.audioWorklet.addModule(processorUrl)]);
    const synth = new WorkletSynthesizer(context, { eventsEnabled: true });
    const meter = new AnalyserNode(context, { fftSize: 2048 });
    synth.connect(meter);
    meter.connect(context.destination);
    await synth.isReady;
    await synth.soundBankManager.addSoundBank(font, "main");
    const sequencer = new Sequencer(synth, { skipToFirstNoteOn: false });
    sequencer.eventHandler.addEvent("songEnded", "page", () => this.onEnd());
    this.#ready = { context, synth, sequencer, meter };
    return this.#ready;
  }

  /** Takes a MIDI file to play, from `seconds` on; it goes on playing if it was. */
  load(file: ArrayBuffer, seconds = 0): void {
    this.#file = file;
    if (this.#ready) this.#supply(this.#ready, seconds, this.playing);
  }

  #supply(desk: Desk, seconds: number, plays: boolean): void {
    if (!this.#file) return;
    const midi = BasicMIDI.fromArrayBuffer(this.#file.slice(0));
    midi.loop = this.#loop ? { ...this.#loop, type: "hard" } : { start: 0, end: 0, type: "hard" };
    desk.sequencer.pause();
    desk.sequencer.loadNewSongList([midi]);
    desk.sequencer.loopCount = this.#loop ? Infinity : 0;
    desk.sequencer.playbackRate = this.#rate;
    desk.sequencer.currentTime = seconds;
    if (!plays) desk.sequencer.pause();
    else desk.sequencer.play();
    for (const [channel, fader] of this.#faders) this.#set(desk, channel, fader);
  }

  async play(seconds: number): Promise<void> {
    const fresh = this.#ready === null;
    const desk = await this.#open();
    await desk.context.resume();
    if (fresh) this.#supply(desk, seconds, true);
    else {
      desk.sequencer.currentTime = seconds;
      desk.sequencer.play();
    }
  }

  pause(): void {
    this.#ready?.sequencer.pause();
    this.#ready?.synth.stopAll();
  }

  seek(seconds: number): void {
    const sequencer = this.#ready?.sequencer;
    if (!sequencer) return;
    const plays = this.playing;
    sequencer.currentTime = seconds;
    if (!plays) sequencer.pause();
  }

  /** How fast it goes: 1 as in the file. */
  set rate(value: number) {
    this.#rate = value;
    if (this.#ready) this.#ready.sequencer.playbackRate = value;
  }

  /** Ticks to go round in, or null. */
  loop(range: { start: number; end: number } | null): void {
    this.#loop = range;
    if (this.#ready) this.#supply(this.#ready, this.seconds, this.playing);
  }

  /** Sets the faders of channels; where one is solo the others are silent. */
  mix(faders: Map<number, Fader>): void {
    this.#faders = new Map(faders);
    if (this.#ready) for (const [channel, fader] of this.#faders) this.#set(this.#ready, channel, fader);
  }

  #set(desk: Desk, channel: number, fader: Fader): void {
    const anySolo = [...this.#faders.values()].some((one) => one.solo);
    const line = desk.synth.midiChannels[channel];
    line?.setSystemParameter("isMuted", fader.mute || (anySolo && !fader.solo));
    line?.setSystemParameter("gain", fader.volume);
  }
}
