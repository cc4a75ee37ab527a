// One mail, handed to a server by SMTP (libcurl inside). Blocks; for worker threads.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace catalejo::net {

// Who takes mail: smtp://host:587 (STARTTLS where it is offered, and always before a password
// leaves this machine) or smtps://host.
struct MailServer {
  std::string url = {}, user = {}, password = {};
  std::string from = {};  // the address that it is sent from
};

struct Mail {
  MailServer server;
  std::vector<std::string> to;
  std::string message;  // head and body, lines end in \r\n
};

struct MailOptions {
  int connect_timeout_ms = 5'000;
  int timeout_ms = 30'000;
  std::function<bool()> stopped = {};  // asked while it waits; true = it ends
};

// 250 or so when the server took the mail for all of `to`; else what it said against it.
struct MailAnswer {
  int status = 0;
  std::string said;
};

// "ana@example.org": what may stand between < and > in a mail's head and in SMTP.
bool is_mail_address(std::string_view text);

// Error only when no answer came (refused, timeout, cut, no TLS); any status is a value.
Result<MailAnswer> send_mail(const Mail& mail, const MailOptions& options);

}  // namespace catalejo::net
