// A value of a client written as compact JSON, with what is too large replaced in place by a note
// that says so: attachments over limits::attachment_bytes_max and texts over
// limits::text_bytes_max.
#pragma once

#include <cstdint>
#include <string>

#include "codec/json_dom.hpp"

namespace catalejo::intake {

// Appends `value`; adds model::flag_attachment_cut or model::flag_text_cut to `flags` when it cut.
void append_bounded_json(std::string& out, codec::dom::element value, std::uint32_t& flags);

}  // namespace catalejo::intake
