# The smallest program of README.md, in Python.
from cdk8s import App
from cdk8s_alb_istio import AlbIstioEdge, RouteTarget, Workload

app = App()

shop = Workload(service_name="shop", namespace="shop", port=80)

edge = AlbIstioEdge(
    app, "edge",
    hosts=["shop.example.com"],
    alb={"certificate_arns": ["arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789"]},
    gateway={"credential_name": "shop-tls"},
)
edge.add_route("Shop", target=RouteTarget.workload(shop))

app.synth()
