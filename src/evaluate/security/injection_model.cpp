#include "evaluate/security/injection_model.hpp"

namespace catalejo::evaluate {

int injection_model_points(std::string_view) {
  return 0;
}

}  // namespace catalejo::evaluate
