"""How pjsua2 is set up: what is switched off, and why."""

import pjsua2 as pj

MAX_CALLS = 4  # compiled into the wheel; one more makes pjsua answer 486 by itself
FRAME_MS = 20
_CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def codec_priorities(wideband: bool) -> dict[str, int]:
    """By pjsua2's names of codecs, 0 to 255; all others are switched off. G.722 comes first only
    where its upper half is carried on: otherwise it costs more than G.711 and sounds the same.
    """
    narrow = {"PCMA/8000": 254, "PCMU/8000": 253}
    return {**narrow, "G722/16000": 255 if wideband else 252}


def clock_rate(wideband: bool) -> int:
    """Of the conference bridge: the sampling rate in Hz at which all sound is mixed.

    At 8000 a G.711 call passes unchanged, sample by sample; at 16000 it is resampled twice, which
    takes 0.2 from its PESQ (docs/bench.md).
    """
    return 16000 if wideband else 8000


def endpoint_config(user_agent: str, stun_server: str = "", wideband: bool = False) -> pj.EpConfig:
    """For one thread that polls, without sound hardware. `stun_server` is host[:port], or none."""
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = MAX_CALLS
    config.uaConfig.userAgent = user_agent
    config.logConfig.level = config.logConfig.consoleLevel = 0
    if stun_server:
        config.uaConfig.stunServer.append(stun_server)
        config.uaConfig.stunIgnoreFailure = True
    media = config.medConfig
    # media sockets are served by this thread's poll: a thread of their own would wake up every
    # 10 ms for ever (measured: 0.2 to 0.35 % of a core for nothing, against 0.001 %)
    media.threadCnt = 0
    media.hasIoqueue = False
    media.quality = 10  # of resampling; where nothing is resampled, it costs nothing
    media.clockRate = media.sndClockRate = clock_rate(wideband)
    media.audioFramePtime = FRAME_MS
    # a pause in speech must not look like a dead call, nor close a NAT's door
    media.noVad = True
    media.ecTailLen = 0
    media.sndAutoCloseTime = -1
    return config


def transport_config(address: str) -> pj.TransportConfig:
    """Bound to `address`; TLS only with a certificate that the system trusts."""
    config = pj.TransportConfig()
    config.boundAddress = address
    config.tlsConfig.method = pj.PJSIP_TLSV1_2_METHOD
    config.tlsConfig.verifyServer = True
    config.tlsConfig.CaListFile = _CA_BUNDLE
    return config
