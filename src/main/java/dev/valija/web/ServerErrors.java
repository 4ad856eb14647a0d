package dev.valija.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** What failed outside of the controllers: refused by the firewall, or thrown by a filter. */
@Controller
class ServerErrors implements ErrorController {

    @RequestMapping("/error")
    ResponseEntity<Problems.Document> error(HttpServletRequest request) {
        var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        var problems = Problems.ofStatus(status);
        return ResponseEntity.status(problems.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problems.document());
    }
}
