-- One domain for clients on loopback; no other servers, no files outside its own directory.
run_as_root = true
data_path = "@DIRECTORY@/data"
certificates = "@DIRECTORY@"
pidfile = "@DIRECTORY@/prosody.pid"
log = { { levels = { min = "info" }, to = "console" } }

interfaces = { "127.0.0.1" }
c2s_ports = { @PORT@ }
c2s_direct_tls_ports = {}
s2s_ports = {}
http_ports = {}
https_ports = {}

modules_enabled = {
	"blocklist", "carbons", "disco", "external_services", "pep", "ping", "roster", "saslauth", "smacks", "tls",
	"vcard4", "vcard_legacy",
}
modules_disabled = { "s2s", "offline" }
storage = "internal"
authentication = "internal_plain"
ssl = { key = "@KEY@", certificate = "@CERTIFICATE@" }
external_services = { @RELAY@ }

VirtualHost "@DOMAIN@"
